select 'a''b', '', ''''

select 'a'
  'b'

select 'a' -- comment
  'b'
-- another
'c'

select 'a' /* no */
'b'

select E'a\n'
'\t'

select E'\b\f\n\r\t\v\q\'\\'''

select E'\x41\x4\101\7\400'

select E'\x'

select E'\u0041\U00000041'

select E'\u004'

select E'\U0000004'

select E'\uD83D\uDE00'

select E'\uD83D'

select E'\uD83Dx'

select E'\uD83D\n'

select E'\uDE00'

select E'\uD83D\uD83D'

select E'\U00110000'

select E'\u0000'

select E'\0'

select E'\x00'

select E'\xff'

select E'\xe4\xbd\xa0'

select E'\303\251'

select E'abc\xc3'

select E'a

select 'a

select 'a\'

select E'a\

select E'a\'

select "a

select ""

select ""a

select U&""

select U&'\0061\+000062', u&'x', U&"\0061b"

select U&'!0061' uescape '!'

select U&"d!0061t" UESCAPE '!' from t

select U&'\\'

select U&'a' uescape 'a'

select U&'a' uescape '+'

select U&'a' uescape ''

select U&'a' uescape 'ab'

select U&'a' uescape

select U&'a' uescape x

select U&'a' uescape E'!'

select U&'\006'

select U&'\+00006'

select U&'a\zzzz'

select U&'\D83D\DE00'

select U&'\D83D'

select U&'\D83Dx'

select U&'\DE00'

select U&'\0000'

select U&'\+110000'

select U&'\D83D\D83D'

select U&'a' 'b'

select U&'a'
'b'

select U& 'a'

select u&a

select uescape from t

select B'0101', b'', B'01'
'10'

select B'01

select X'1F', x'', X'zz'

select X'1

select N'abc', n'a''b', nchar 'x'

select N'a

select $$a$$, $x$a$$b$x$, $$
$$

select $$a

select $x$a$$

select $x$a$X$

select $1, $1a

select $1

select $12345678

select $a$b$c$d$a$

select a$b$c from t

select $é$x$é$

select $1$2

select $

select 1 $ 2

select 1a

select 1_000

select 0x1F

select 0o17

select 1e

select 1e+

select 1e+a

select 1ea

select 1.5e

select 1.5e-

select 1.a

select 1.5a

select .5a

select 1.e5

select 1..2

select 1...2

select 1 .. 2

select .5.5

select 1.2.3

select a[1..2]

select 123é

select 1e5é

select 1abc_d$e2é+1

select 1.5abc$d

select 1e5abc

select 1e+5abc

select $1abc$d

select 1.abc

select 1e5.5

select 99999999999999999999abc

select $2147483647

select $0

select a.1

select '\u0041', 'a\nb'

select e'\U0010FFFF', e'\uFFFF', U&'\+10FFFF'

select E'\uD800\u0041'

select E'\uD83D' '\uDE00'

select E'\uD83D'
'\uDE00'

select E'\xe4' E'\xbd'

select E'a\
b'

select E'\xg', E'\8', E'\u'

select $a $a$

select $a$ $b$ $a$ $a$

select 'x' "y" 'z'

select U&"a\0062" uescape 'x' from t

select U&"!0000" uescape '!'

select a.b.c from "a"."b". "c"

select a from t where b = 'it''s' and c = E'it\'s'

select 1 <@ 2, 1 @> 2, 3 -|- 4, 5 &< 6, 7 &> 8, 9 <<| 1, 2 |>> 3, a ~>=~ b

select 1and 2

select 1 and2

select 1from t

select 1-- comment

select 1/* comment */+/* another */2

select /* a /* nested */ comment */ 1

select /* unterminated

select /* nested /* a */

select 1 */ 2

select 1 --

--

/* only */

-- a comment
select 1
-- another

select a --b
+ c

select a*/*comment*/b

select a+/*comment*/-b

select a @--comment
b

select a-/*x*/-b

select a <-- comment
b

select a<-b, a<- b, a@-b, a@- b, a*-b, a*+b, a||-b, a~-b

select a =- b

select a => b

select a := b

select a :: int, a : : int

select a:b

select a[1:2], a[b:c], a[:c], a[b:], a[1::int:2]

select a ~ b, a !~ b, a ~~ b, a ~* b, a !~* b, a ^@ b, a # b, a & b, a | b, a << b, a >> b, a &&& b, a |/ b

select a != b, a <> b, a !== b, a !=- b

select a `b` c

select a ? b, a ?? b, a ?| b, a ?- b, a ?-| b

select a %% b, a %- b, a % -b

select a +++ b

select a --- b

select +-+ a

select a @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ b

select a @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ b

select \ 1

select {fn now()}

select [1]

select 1 as a]

select "a" "b"

select "A""b"."c"

select Ä, "Ä", ä from t

select '日本', E'日本', U&'日本', "日本" from 日本 where 日本 = 日

select '日本' from where

select 日本 日本 日本

select e'a', b'1', x'1', n'a', u&'a', e, b, x, n, u from t

select e 'a'

select E'a' 'b'

select 'a' E'b'

select B'1'
'0' from t

select 1
;
select
2

select 1;select 2;

select 1;selec 2

; ; select 1 where ; 

select aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhh from t

select a	from	t

select 1$

select 1.5$

select 1e5$

select 1e5$x

select 1e$x

select 1.5e$x

select 1e+$

select 1e+a$b

select 1.e5$

select 1e5$$a$$

select 1e5_a

select 1e+_

select .5$a

select 1e$$a$$

select 1e5é$
