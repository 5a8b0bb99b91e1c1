-- to_char of numbers.
create temp table f(f text); insert into f values ('999'),('9,999.99'),('FM9,999.99'),('0000.00'),('S999'),('999S'),('MI999'),('999MI'),('PL999'),('SG999'),('999PR'),('$999.99'),('L999'),('RN'),('FMRN'),('999th'),('999TH'),('99V99'),('9G999D99'),('FM999.009'),('FM999.990'),('B999'),('"x"999'),('0'),('9.99'),('FM0.9'),('999.'),('.99'),('99 99'),('FMS9990.99'),('FM99999999999999999990'),('999,999,999'),('fm990d00pr'),('$9,999MI'),('00000S');
select f, to_char(485, f) , to_char(-485,f), to_char(0,f), to_char(1234567,f) from f where f <> 'RN' and f <> 'FMRN'; 
select f, to_char(485.678, f) , to_char(-0.5,f), to_char(0.0,f), to_char(12.3456,f) from f where f <> 'RN' and f <> 'FMRN';
select f, to_char(485.678::float8, f) , to_char(-0.5::float8,f), to_char(1e10::float8,f), to_char(3.7::float4,f) from f where f <> 'RN' and f <> 'FMRN';
select to_char(-9223372036854775808,'999'), to_char(9223372036854775807,'9999999999999999999'), to_char(1,'');
