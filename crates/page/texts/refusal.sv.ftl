# Varför ett svar i ett formulär inte går att använda, efter sin kod.

fault-field-missing = Fyll i det här.
fault-choose = Välj ett alternativ.
fault-text-too-long = Texten är för lång. Korta ned den.
fault-name-form = Namnet går inte att använda. Det får vara högst 200 tecken, på en rad.
fault-date-form = Skriv dagen som år, månad och dag, till exempel 2026-11-03.
fault-date-past = Dagen har redan varit. Välj i dag eller senare.
fault-date-future = Dagen har inte varit än. Välj i dag eller tidigare.
fault-email-form = Kontrollera e-postadressen. Den ska se ut som namn@exempel.se.
fault-phone-form = Kontrollera telefonnumret. Skriv bara siffror, och landsnummer om det är utländskt.
fault-scan-type = Filen är av en sort som vi inte tar emot. Spara den som PDF, PNG eller JPEG och försök igen.
fault-scan-too-large = Filen är för stor. Den får vara högst 10 MB.
fault-terms-version = Den versionen av villkoren finns inte. Välj en annan.
fault-unknown-permission = Behörigheten finns inte. Välj en annan.
fault-invitation-unknown = Koden stämmer inte, eller så är den redan använd. Kontrollera den.
fault-ident-length = Numret har fel antal siffror. Ett personnummer har 12 siffror, ett organisationsnummer 10.
fault-ident-digits = Skriv bara siffror, och ett bindestreck före de fyra sista om du vill.
fault-ident-type = Det är ett nummer av en annan sort. Kontrollera vilket nummer som ska stå här.
fault-ident-date = Datumet i numret finns inte. Kontrollera år, månad och dag.
fault-ident-century = Året stämmer inte. Skriv året med fyra siffror.
fault-ident-serial = De fyra sista siffrorna stämmer inte. Kontrollera dem.
fault-ident-checksum = Numret stämmer inte. En siffra är fel, eller två har bytt plats.
fault-other = Svaret går inte att använda ({ $code }).

# Varför något inte går som det är nu, efter sin kod.

conflict-session-ended = Du har loggats ut.
conflict-changed-meanwhile = Någon annan ändrade samma sak samtidigt.
conflict-order-moved-on = Legitimeringen eller underskriften är redan avslutad.
conflict-nothing-logged = Det finns inget i loggen än. Försök igen om en stund.
conflict-text-too-long = Texten är för lång för att skrivas under.
conflict-terms-version = Den versionen av villkoren finns inte.
conflict-already-connected = Organisationen är redan ansluten.
conflict-application-open = Det finns redan en ansökan för organisationen som inte är avgjord.
conflict-case-moved-on = Någon annan har redan tagit det här steget.
conflict-two-persons = Du tog själv det förra steget. En annan person måste ta det här.
conflict-mandate-exists = Personen har redan den behörigheten.
conflict-mandate-ended-already = Behörigheten har redan slutat gälla.
conflict-invitation-same-person = Du har redan använt en inbjudan. Den andra är till för en annan person.
conflict-invitation-not-open = Inbjudan kan inte bekräftas nu.
conflict-not-installed = Installationen är inte klar.
conflict-not-a-demo = Det går bara i en demo.
conflict-catalogue-same = Den katalogen gäller redan.
conflict-catalogue-in-use = Katalogen utelämnar något som används.
conflict-no-new-key = Det finns ingen ny nyckel att byta till.
conflict-give-to-self = { broken-give-to-self }
conflict-give-nothing = { broken-give-nothing }
conflict-give-kind = { broken-give-kind }
conflict-give-not-held = { broken-give-not-held }
conflict-give-interval = { broken-give-interval }
conflict-give-too-deep = { broken-give-too-deep }
conflict-end-not-found = { broken-end-not-found }
conflict-rule-gives = { broken-rule-gives }
conflict-rule-two-persons = { broken-rule-two-persons }
conflict-rule-needs-successor = { broken-rule-needs-successor }
conflict-other = Något annat har hänt med det här sedan du öppnade sidan.
