create function f() returns int language sql as 'select 1'

create or replace function s.f(a int, in b text, out c int, inout d int, variadic e int[]) as $$ body $$ language plpgsql

create function f(int, text default 'x', b int = 5) returns setof int as 'a', 'b' language c immutable strict

create function f(a in int, b in out int) returns int return a + b

create function f() returns table (a int, b text) language sql as ''

create function f(out x int) returns table (a int) language sql as ''

create function f() returns t.a%type as ''

create function f() returns setof s.t.a%type as ''

create function f(t.a%type) returns int as ''

create function f() returns int begin atomic select 1; select 2; end

create function f() returns int begin atomic end

create function f() returns int begin atomic select 1 end

create function f() returns int language sql begin atomic return 1; end

create function f() returns int begin atomic ; insert into t values (1);; end

create function f() returns int begin atomic begin; end

create function f() returns int called on null input returns null on null input volatile stable external security definer external security invoker security invoker leakproof not leakproof cost 5 rows 6.5 support s.x set a = b set c from current parallel unsafe window transform for type t, for type u

create function f() language 'sql'

create function f

create function f() returns

create procedure p(a int, inout b int) language sql as ''

create or replace procedure p() begin atomic insert into t values (1); end

create procedure p() returns int as ''

do 'x'

do $$ begin end $$

do language plpgsql 'x'

do 'x' language 'plpgsql'

do

call p()

call s.p(1, a => 2)

call p(distinct 1)

call p

create trigger t before insert on x for each row execute function f()

create or replace trigger t after insert or update of a, b or delete or truncate on s.x referencing old table as o new row n for each statement when (old.a > 1) execute procedure s.f(1, 'a', b, 1.5)

create trigger t instead of update on v for row execute function f()

create trigger t after insert or insert on x execute function f()

create trigger t before update of a or update on x execute function f()

create trigger t on x execute function f()

create constraint trigger t after insert on x from y deferrable initially deferred for each row when (a) execute function f()

create or replace constraint trigger t after insert on x for each row execute function f()

create constraint trigger t after insert on x not valid for each row execute function f()

create constraint trigger t before insert on x for each row execute function f()

create event trigger e on ddl_command_start execute function f()

create event trigger e on sql_drop when tag in ('a', 'b') and x in ('c') execute procedure f()

create rule r as on insert to t do nothing

create or replace rule "_RETURN" as on select to s.t where a > 1 do instead select 1

create rule r as on update to t do also (insert into x values (1); delete from y;; notify z)

create rule r as on delete to t do instead nothing

create rule r as on merge to t do nothing

