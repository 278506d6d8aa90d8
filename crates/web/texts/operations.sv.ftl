# Driften: hur systemet mår och vad som går ut.

nav-operations = Drift
nav-operations-says = Se hur systemet mår och vilka certifikat och nycklar som snart går ut.
operations-title = Drift
operations-lead = För den som driver systemet. Larm och åtgärder står i driftens handledning.
operations-expiries = Vad som går ut
operations-expiries-says = Har installationen en adress till driften går dit ett brev 90, 30 och 7 dagar innan, och när tiden har gått ut.
operations-what = Vad
operations-when = Går ut
operations-left = Kvar
operations-do = Gör så här
operations-days = { $count ->
    [one] 1 dag
   *[other] { $count } dagar
}
operations-expired = Har gått ut
operations-now = Läget nu
operations-now-says = Så ser det ut från den server som svarade.
operations-store = Att skriva i databasen
operations-provider = BankID
operations-provider-lately = { $failed } av { $all } anrop misslyckades de senaste { $minutes } minuterna.
operations-log = Äldsta händelse som inte är underskriven
operations-mail = Brev som väntar
operations-mail-oldest = Äldsta brev som väntar
operations-late = Äldsta frist som inte är utförd
operations-seconds = { $count ->
    [0] Ingen väntar
    [one] 1 sekund
   *[other] { $count } sekunder
}
operations-well = Fungerar
operations-fails = { $count ->
    [one] Har inte fungerat på 1 sekund
   *[other] Har inte fungerat på { $count } sekunder
}

expiry-bankid-certificate = BankID: vårt certifikat
expiry-bankid-certificate-do = Beställ ett nytt av banken, byt filerna och starta om.
expiry-bankid-issuers = BankID: utfärdarna av vårt certifikat
expiry-bankid-issuers-do = Beställ ett nytt certifikat av banken. Utfärdarna följer med.
expiry-bankid-server-roots = BankID: serverns rot
expiry-bankid-server-roots-do = Hämta den nya roten hos BankID, lägg till den i filen och starta om.
expiry-bankid-signing-roots = BankID: roten för personers certifikat
expiry-bankid-signing-roots-do = Hämta den nya roten hos BankID, lägg till den i filen och starta om.
expiry-public-certificate = Webbplatsens certifikat
expiry-public-certificate-do = Förnya det, byt filerna och starta om.
expiry-key-vault = Nyckeln som skyddar personuppgifter
expiry-key-vault-do = Byt den: behorig keys rotate vault
expiry-key-lookup = Nyckeln som hittar personer
expiry-key-lookup-do = Den byts inte.
expiry-key-checkpoint = Nyckeln som skriver under loggen
expiry-key-checkpoint-do = Byt den: behorig keys rotate checkpoint
expiry-key-forms = Nyckeln som skyddar formulär
expiry-key-forms-do = Byt den: behorig keys rotate forms
expiry-key-tokens = Nyckeln som skriver under svar till e-tjänster
expiry-key-tokens-do = Byt den: behorig keys rotate tokens
