# The grammar of one statement of the language: the reference.
#
# A file is cut into statements before any of them is read (`statements.ts`), so one
# mistake costs one statement. The lexer (`lexer.ts`) gives these kinds of token:
#
#   word      letters, digits, hyphens: `carrier-c`, `Privacy`, `4xx`
#   topic     words that open a condition and so name no header field: `body`, `method`, …
#   state     `present`, `absent`, `own`: they are neither fields nor bare values
#   reserved  words that hold a sentence together and name nothing: `when`, `to`, `is`, …
#   text      "…"        block  """…"""        suite  TLS_AES_128_GCM_SHA256
#   number    42         version  1.3        date  2026-12-31        time  2026-06-01T12:00:00Z
#   address   192.0.2.0/24, 2001:db8::1      media  application/sdp, application/*
#
# Everything between double quotes below is the token itself, in lower case.
# Lists are left-recursive (an Earley parser reads them in linear time). No rule has an
# action: the parser makes a plain tree, and `tree/` makes syntax of it. Run
# `npm run generate` after a change.

@lexer tokens

statement ->
    language | policy | import_module | import_partners
  | field_statement | fields_statement | extend_fields | option | set_option
  | network | partner | trust | transit
  | rule | treatment | never | always
  | test | test_clock | publish | tls_profile

# ---------------------------------------------------------------- words and lists

name       -> %word | %topic | %state
field      -> %word
value      -> %word | %topic | %number | %version | %media | %address | %text
text       -> %text
number     -> %number
moment     -> %date | %time
address    -> %address
media      -> %media
block      -> %block

names      -> name | names "," name
fields     -> field | fields "," field
value_list -> value | value_list "," value
text_list  -> text | text_list "," text
addresses  -> address | addresses "," address
media_list -> media | media_list "," media

# One value, or several of which one suffices.
values     -> value | "one" "of" value_list
texts      -> text | "one" "of" text_list
medias     -> media | "one" "of" media_list

# A network's name, `anyone`, `trusted`, `untrusted`, `partner`, `own`, `foreign`.
who        -> name
whos       -> who | whos "or" who
who_list   -> who | who_list "," who
# Inside a condition `or` joins conditions, so several ends are a list.
one_end    -> who | "one" "of" who_list

is         -> "is" | "is" "not"

# ---------------------------------------------------------------- the file

language        -> "language" number
policy          -> "policy" text
import_module   -> "import" text
import_partners -> "import" "partners" text

field_statement  -> "field" name "is" name
fields_statement -> "fields" name "=" fields
extend_fields    -> "extend" "fields" name "with" fields
option           -> "option" name "=" name ("among" names):?
set_option       -> "set" "option" name "=" name

# ---------------------------------------------------------------- who is who

network -> "network" name "{" network_item:* "}"
partner -> "partner" name "{" network_item:* "}"

network_item -> own | domain | listener | within | own_option | agreement | authority | revocation
              | extended_key_usage | tls_required | shares_host
own                -> "own"
domain             -> "domain" text
listener           -> "listener" text
within             -> "address" address
own_option         -> "option" name "=" name
agreement          -> "agreement" text "from" moment "to" moment
authority          -> "authority" text
revocation         -> "revocation" text
extended_key_usage -> "extended-key-usage" name
tls_required       -> "tls" "required"
shares_host        -> "shares-host"

trust     -> "trust" whos direction:? for_fields:? guard:*
direction -> "incoming" | "outgoing"
for_fields -> "for" fields

transit   -> "transit" "from" whos "to" whos guard:*

# ---------------------------------------------------------------- rules

guard  -> when | unless
when   -> "when" condition
unless -> "unless" condition

occasion -> "on" event from:? to:?
event    -> "message" | "request" | "response" | "handshake"
from     -> "from" whos
to       -> "to" whos

rule    -> "rule" name occasion guard:* action:+ because
action  -> edit guard:?
because -> "because" text

treatment        -> "treatment" name treatment_head:* treatment_edit:+
treatment_head   -> fulfils | keep | guard
fulfils          -> "fulfils" name
keep             -> "keep" "priv-value" name guard
treatment_edit   -> edit guard:? because:?

edit -> remove_fields | remove_other_fields | remove_values | remove_value | remove_surplus
      | remove_parameters | remove_uri_headers | remove_display_name
      | anonymize_fields | anonymize_values | conceal
      | set_field | set_part | add_field
      | drop_body | drop_parts | drop_named_parts | drop_other_parts
      | redact_sdp | redact_sipfrag
      | apply | honour | mark | reject | needs

remove_fields       -> "remove" fields
remove_other_fields -> "remove" "every" "field" "except" fields
remove_values       -> "remove" "values" "of" field where
remove_value        -> "remove" value_noun value "from" field
value_noun          -> "value" | "option-tag" | "priv-value"
remove_surplus      -> "remove" "surplus" "values" "of" field
remove_parameters   -> "remove" parameter_noun value_list "from" parameter_place where:?
parameter_noun      -> "parameter" | "uri-parameter" | "number-parameter"
parameter_place     -> field | "every" "uri"
remove_uri_headers  -> "remove" "uri-header" value_list "from" field where:?
                     | "remove" "uri-headers" "except" value_list "from" field where:?
remove_display_name -> "remove" "display-name" "from" field where:?

anonymize_fields -> "anonymize" fields
anonymize_values -> "anonymize" "values" "of" field where
conceal          -> "conceal" fields
set_field        -> "set" field "to" text
set_part         -> "set" part "of" field "to" text
add_field        -> "add" field text

drop_body        -> "drop" "body"
drop_parts       -> "drop" "part" media
drop_named_parts -> "drop" "parts" "named" "by" field
drop_other_parts -> "drop" "every" "part" "except" media_list
redact_sdp       -> "redact" "sdp" names
redact_sipfrag   -> "redact" "sipfrag"

apply  -> "apply" names except:?
except -> "except" fields
honour -> "honour" field
mark   -> "mark" name
reject -> "reject" number:? text
needs  -> "needs" name

# ---------------------------------------------------------------- conditions

condition -> disjunction
disjunction -> conjunction | disjunction "or" conjunction
conjunction -> negation | conjunction "and" negation
negation    -> atom | "not" negation | "(" disjunction ")"

atom -> message_is | method_is | status_is | status_range | emergency | in_dialog
      | field_presence | field_is | field_has | field_count | part_is
      | body_presence | body_state | body_type
      | from_end | to_end
      | secured | transport_is | listener_is | address_within | tls_version | tls_range | resumed
      | certificate_presence | certificate_names | certificate_names_none | certificate_part | certificate_usage
      | agreement_in_force | option_set | option_is | date_range | date_before | date_after
      | role_is | domain_sought | sni_is

message_is   -> "request" | "response"
method_is    -> "method" is values
status_is    -> "status" is status_values
status_values -> status_value | "one" "of" status_list
status_list  -> status_value | status_list "," status_value
# 486, or 4xx for 400 to 499.
status_value -> %number | %word
status_range -> "status" "from" number "to" number
emergency    -> "emergency"
in_dialog    -> "in" "dialog"

presence       -> is ("present" | "absent")
field_presence -> field presence
field_is       -> field is values
field_has      -> field "has" values
field_count    -> "count" "of" field count
count          -> is number | "is":? "at" "least" number | "is":? "at" "most" number

part_is    -> quantifier:? part "of" field said
quantifier -> "any" | "every"
part       -> ("value" | "display-name" | "uri" | "scheme" | "user" | "number" | "host")
            | ("parameter" | "uri-parameter" | "number-parameter" | "uri-header") value
said          -> said_is | said_presence | said_own | said_under | said_starts | said_range
said_is       -> is values
said_presence -> presence
said_own      -> is "own"
said_under    -> is "under" texts
said_starts   -> "starts" "with" texts
said_range    -> "from" number "to" number

body_presence -> "body" presence
body_state    -> "body" is ("encrypted" | "nested" | "unreadable")
body_type     -> "body" "has" medias

from_end -> "from" one_end
to_end   -> "to" one_end

secured        -> "secured" "by" "tls"
transport_is   -> "transport" is values
listener_is    -> "listener" is texts
address_within -> "address" "within" addresses
tls_version    -> "tls" "version" is version
tls_range      -> "tls" "version" "is":? "at" ("least" | "most") version
version        -> %version
resumed        -> "resumed"

certificate_presence   -> "certificate" presence
certificate_names      -> "certificate" "names" one_end
certificate_names_none -> "certificate" "names" "no" "partner"
certificate_part       -> "certificate" ("issuer" | "common-name" | "name") is texts
certificate_usage      -> "certificate" "usage" "has" values

agreement_in_force -> "agreement" "in" "force"
option_set         -> "option" name
option_is          -> "option" name is values
# A day as the end of a range is within it.
date_range         -> "date" "from" moment "to" moment
date_before        -> "date" "before" moment
date_after         -> "date" "after" moment

role_is       -> "role" is ("server" | "client")
domain_sought -> "domain" "sought" is texts
sni_is        -> "sni" is texts

# What is said of one value of a field.
where             -> "where" value_disjunction
value_disjunction -> value_conjunction | value_disjunction "or" value_conjunction
value_conjunction -> value_negation | value_conjunction "and" value_negation
value_negation    -> part_test | "not" value_negation | "(" value_disjunction ")"
part_test         -> part said

# ---------------------------------------------------------------- assertions, tests, publishing

never   -> "never" text occasion guard:* carries
always  -> "always" text occasion guard:* carries
carries -> "carries" carried

# A condition in which a header field alone means that it is present.
carried             -> carried_conjunction | carried "or" carried_conjunction
carried_conjunction -> carried_negation | carried_conjunction "and" carried_negation
carried_negation    -> field | atom | "not" carried_negation | "(" carried ")"

test_clock -> "test" "clock" moment
test       -> "test" text test_setting:* given expectation:+
test_setting -> at | with_option
at           -> "at" moment
with_option  -> "with" "option" name "=" name

given           -> given_message | given_handshake
given_message   -> "given" "message" "from" name "to" name over:? block
over            -> "over" name
given_handshake -> "given" "handshake" "as" ("server" | "client") for_domain:? from_address:? given_certificate
for_domain      -> "for" text
from_address    -> "from" address
given_certificate -> "without" "certificate" | "certificate" "{" certificate_item:* "}"

certificate_item -> certificate_name | certificate_usages | signed_by | expires
certificate_name -> ("uri" | "dns" | "email" | "common-name") text
certificate_usages -> "usage" names
signed_by        -> "signed" "by" name
expires          -> "expires" moment

expectation -> "expect" expected
expected    -> expect_verdict | expect_reject | expect_no_fields | expect_no_text | expect_text
             | expect_name | condition
expect_verdict   -> "allow" | "rewrite"
expect_reject    -> "reject" number:? text:?
expect_no_fields -> "no" fields
expect_no_text   -> "no" "text" text
expect_text      -> ("line" | "text") text
expect_name      -> ("mark" | "rule") name

publish      -> "publish" text "{" publish_item:* "}"
publish_item -> ttl | host | service
ttl          -> "ttl" number
host         -> "host" text "address" addresses
service      -> ("tls" | "tcp" | "udp") text "port" number "priority" number "weight" number

# Names that the vocabulary lacks are told by the checker, so a word may stand for a suite.
tls_profile  -> "tls" "{" tls_item:+ "}"
tls_item     -> tls_versions | tls_suites | tls_groups
tls_versions -> "versions" versions
tls_suites   -> "suites" suites
tls_groups   -> "groups" groups
versions     -> version | versions "," version
suites       -> suite | suites "," suite
groups       -> group | groups "," group
suite        -> %suite | %word
group        -> %word
