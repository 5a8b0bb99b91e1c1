create collection c

create collection if not exists s.c with (dimensions = 384, metric = 'cosine')

create collection c with (dimensions)

create collection collection

create collection if

create collection

create collection c (a int)

create temp collection c

drop collection c

drop collection if exists s.c, d cascade

alter collection c rename to d

alter collection if exists c set schema s

alter collection c add column a int

comment on collection c is 'x'
