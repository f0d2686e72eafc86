; example.com.: the site that the default URL names, behind an alias.
$ORIGIN example.com.
$TTL 300
@      3600 IN SOA ns1 hostmaster (
                   2026010101 ; serial
                   7200       ; refresh
                   3600       ; retry
                   1209600    ; expire
                   300 )      ; a name that does not exist
@      3600 IN NS  ns1
@           IN A   203.0.113.80
ns1    3600 IN A   203.0.113.53
www         IN CNAME web
web         IN A   203.0.113.80
; A name that exists but has no address.
mail        IN TXT "post is not modelled"
; Nobody lives here: connecting takes ARP's patience.
nobody      IN A   203.0.113.99
