-- to_char of timestamps and intervals.
set timezone='Europe/Berlin';
create temp table f(f text); insert into f values ('YYYY-MM-DD HH24:MI:SS.US'),('Day, DD Month YYYY HH12:MI:SS AM'),('FMDay, FMDD FMMonth FMYYYY'),('DAY dy D ID DDD IDDD IW IYYY WW W CC J Q RM rm'),('Mon MON mon MONTH month'),('YYYYth Y,YYY YYY YY Y IYY IY I BC b.c.'),('DDth FMDDTH HHth'),('"quoted YYYY" \"YYYY\" YYYY'),('TZ tz TZH:TZM OF'),('SSSS SSSSS MS FF1 FF2 FF3 FF4 FF5 FF6 FM US FMMS'),('hh24hhmi foo xyz P.M. a.m.'),('FMRM TMMonth TMDay FX YYYY yyyy'),('äö YYYY/MM'),('');
select f, to_char(timestamp '2001-02-03 04:05:06.789', f), to_char(timestamp '12345-12-31 23:59:59', f), to_char(timestamp '0044-03-15 12:00:00 BC', f), to_char(timestamptz '2022-07-01 13:14:15.000016+00', f) from f;
select to_char(date '2020-12-31', 'IYYY-IW-ID DDD'), to_char('infinity'::timestamp,'YYYY');
select f, to_char(interval '1 year 2 months 3 days 04:05:06.7', f) from f where f not like '%ay%' and f not like '%on%' and f !~ 'BC|TZ|IW|ID|IY';
select to_char(interval '-1 year -2 months -3 days -04:05:06.7', 'YYYY MM DD HH24 HH12 MI SS MS US RM CC'), to_char(interval '100 hours','HH24:MI:SS HH12 AM'), to_char(interval '1 day','Month');
select to_char(interval '2 years','RM FMRM Q YYYY'), to_char(time '13:14:15', 'HH12:MI:SS pm');
