begin

begin work

begin transaction isolation level serializable, read only, deferrable

begin isolation level read committed read write not deferrable

begin isolation level foo

start transaction

start transaction isolation level repeatable read, isolation level read uncommitted

start

commit

commit work and chain

commit and no chain

commit and

end

end transaction

abort

abort and chain

rollback

rollback work

rollback transaction and chain

rollback to a

rollback work to savepoint a

savepoint a

savepoint

release a

release savepoint a

prepare transaction 'x'

commit prepared 'x'

rollback prepared 'x'

commit prepared x

begin; select 1; commit

;;;

select 1;; select 2;

set a = 1

set a to 1, 'b', c, true, on, -1.5

set a to default

set a = default, 1

set a.b.c = 'x'

set local a = 1

set session a = 1

set local = 1

set session = 1

set local to 5

set session.x = 1

set a from current

set a

set a = 

set a = select

set a = off

set time zone 'UTC'

set time zone utc

set time zone 5

set time zone -7.5

set time zone local

set time zone default

set time zone interval '1' hour

set time zone interval '1:30' hour to minute

set time zone interval '1' day

set time zone interval(3) '1'

set time zone a, b

set timezone = 'UTC'

set transaction isolation level serializable

set transaction read only, deferrable

set local transaction read write

set session characteristics as transaction isolation level read committed

set transaction snapshot 'x'

set transaction

set names 'utf8'

set names

set names default

set names utf8

set role x

set role 'x'

set role none

set role default

set session authorization x

set session authorization default

set session authorization 'x'

set schema 'x'

set schema x

set catalog 'x'

set xml option document

set xml option content

set xml option foo

set search_path = a, "B", 'c'

set search_path to "$user", public

set constraints all deferred

set constraints a, s.b immediate

set constraints all

reset a

reset a.b

reset all

reset time zone

reset transaction isolation level

reset session authorization

reset role

reset

show a

show a.b

show all

show time zone

show transaction isolation level

show session authorization

show

show a, b

discard all

discard plans

discard sequences

discard temp

discard temporary

discard

explain select 1

explain analyze select 1

explain analyse verbose select 1

explain verbose select 1

explain verbose analyze select 1

explain (analyze, verbose true, costs off, buffers on, format json, timing 1, wal 'x') select 1

explain (analyse) insert into t values (1)

explain () select 1

explain (select 1)

explain (values (1))

explain (values) select 1

explain ((select 1))

explain (analyze) (select 1)

explain analyze (verbose) select 1

explain (format select) select 1

explain create table t as select 1

explain create table t (a int)

explain create materialized view v as select 1

explain refresh materialized view v

explain declare c cursor for select 1

explain execute p (1)

explain update t set a = 1

explain delete from t

explain merge into t using s on true when matched then delete

explain begin

explain

copy t from stdin

copy t to stdout

copy t (a, b) from '/x'

copy s.t from program 'x' with (format csv, header, delimiter ',')

copy t from program stdin

copy t to program 'x'

copy t from stdin with (format csv, header true, null '', quote '"', escape '\', force_quote (a, b), force_quote *, force_not_null (c), force_null (d), encoding 'UTF8', freeze 1, on_error -1.5, default)

copy t from stdin (format binary)

copy t from stdin ()

copy t from stdin (format 'text', header match)

copy t from stdin (a (*))

copy t from stdin where a > 1

copy t to stdout where a > 1

copy (select 1) to stdout

copy (select 1) to stdout with csv header

copy (select 1) from stdin

copy (insert into t values (1) returning *) to '/x' (format csv)

copy (table t) to stdout

copy (merge into t using s on true when matched then delete) to stdout

copy (values (1)) to program 'x'

copy t from stdin with binary

copy binary t from stdin

copy binary t to stdout

copy t from stdin delimiter '|' null as '\N' csv header quote as '"' escape 'e' force not null a, b force null c encoding 'x' freeze

copy t to stdout csv force quote a, b

copy t to stdout csv force quote *

copy t from stdin using delimiters '|'

copy t from stdin delimiters '|' with null 'x'

copy t from stdin with delimiters '|'

copy t

copy t from

copy t from x

copy from stdin

prepare p as select 1

prepare p (int, text[]) as insert into t values ($1, $2)

prepare p () as select 1

prepare p as create table t (a int)

prepare p as merge into t using s on true when matched then delete

execute p

execute p (1, 'a')

execute p ()

deallocate p

deallocate prepare p

deallocate all

deallocate prepare all

deallocate prepare

declare c cursor for select 1

declare c binary insensitive no scroll cursor with hold for select 1

declare c asensitive scroll cursor without hold for table t

declare c cursor for insert into t values (1)

declare c scroll for select 1

fetch c

fetch from c

fetch next c

fetch next from c

fetch prior in c

fetch first c

fetch last from c

fetch absolute -5 from c

fetch relative +5 c

fetch 5 from c

fetch -5 c

fetch all c

fetch all in c

fetch forward c

fetch forward 5 from c

fetch forward all from c

fetch backward from c

fetch backward 5 in c

fetch backward all c

fetch next

fetch absolute c

fetch

move c

move forward all in c

move 5 c

close c

close all

close

listen a

listen a.b

notify a

notify a, 'payload'

notify a, b

unlisten a

unlisten *

lock t

lock table t, only u, s.v * in access share mode nowait

lock table t in row share mode

lock t in row exclusive mode

lock t in share update exclusive mode

lock t in share mode

lock t in share row exclusive mode

lock t in exclusive mode

lock t in access exclusive mode

lock t in foo mode

lock t nowait

truncate t

truncate table only t, u * restart identity cascade

truncate t continue identity restrict

truncate

vacuum

vacuum t

vacuum full freeze verbose analyze s.t (a, b), u

vacuum verbose full

vacuum (full, analyze true, parallel 4, index_cleanup off) t

vacuum () t

vacuum analyze

analyze

analyze t

analyse verbose t (a, b), u

analyze (verbose, skip_locked) t

analyze verbose

reindex table t

reindex index concurrently s.i

reindex (verbose, tablespace x, concurrently) table t

reindex schema s

reindex database concurrently d

reindex system d

reindex schema s.t

reindex t

cluster

cluster t

cluster t using i

cluster verbose t

cluster (verbose) t using i

cluster verbose

cluster i on t

cluster (verbose)

checkpoint

load 'x'

load x

