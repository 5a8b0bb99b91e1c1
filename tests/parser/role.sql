create role r

create role r with login superuser createdb createrole inherit replication bypassrls password 'x' valid until 'y' connection limit 5

create role r nologin nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls

create role r encrypted password 'x' password null

create role r unencrypted password 'x'

create role r in role a, b in group c role d, e admin f user g sysid 5

create role r connection limit -1

create role public

create role none

create role current_user

create role session_user

create role "public"

create role r foo

create user u

create user u password 'x'

create group g with user a, b

create role if not exists r

alter role r admin x

grant select on t to x

grant select, insert (a, b), update, references (c) on table s.t, u to x, public, group y, current_user with grant option granted by z

grant all on t to x

grant all privileges on t to x

grant all (a) on t to x

grant all privileges (a, b) on t to x

grant usage on sequence s to x

grant usage on schema s to x

grant create, connect, temp on database d to x

grant execute on function f(int), g to x

grant execute on procedure p() to x

grant execute on routine r to x

grant usage on language l to x

grant select on large object 1, 2 to x

grant create on tablespace t to x

grant usage on type t to x

grant usage on domain d to x

grant usage on foreign data wrapper f to x

grant usage on foreign server s to x

grant set, alter system on parameter a.b, c to x

grant select on all tables in schema s, t to x

grant usage on all sequences in schema s to x

grant execute on all functions in schema s to x

grant execute on all procedures in schema s to x

grant execute on all routines in schema s to x

grant a to b

grant a, b to c, d with admin option granted by e

grant select to x

grant select on t

grant on t to x

revoke select on t from x

revoke grant option for select on t from x cascade

revoke all on t from public restrict

revoke all on schema s from x granted by y

revoke a from b

revoke admin option for a, b from c cascade

revoke select on t to x

create policy p on t

create policy p on t as permissive for select to x, public using (a > 0)

create policy p on t as restrictive for all with check (true)

create policy p on t as foo

create policy p on t for insert to current_user with check (a) using (b)

create policy p on t for truncate

