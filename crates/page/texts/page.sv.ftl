# Sidans ram, formulär och datum.

page-skip = Till innehållet
page-title-error = Fel:
page-nav = Sidor
page-logout = Logga ut
page-date-time = { $date } kl. { $time }

page-mark-demo = Demo.
page-mark-demo-says = Alla personer och företag är påhittade. Inget gäller på riktigt.
page-mark-test = Test.
page-mark-test-says = Det du gör här gäller inte på riktigt.

page-acting-label = Vem du företräder
page-acting-myself = { $name } – du är här för egen del
page-acting-organisation = Du företräder { $name }
page-acting-person = Du företräder { $name }
page-acting-agency = Du arbetar för { $name }
page-acting-role = Roll: { $role }
page-acting-switch = Byt

page-session-until = Du loggas ut kl. { $time } om du inte gör något.
page-session-renew = Fortsätt vara inloggad
page-session-warning = Du loggas snart ut
page-session-warning-says = Inom två minuter loggas du ut. Det du har skrivit på sidan finns kvar om du fortsätter.
page-session-stay = Fortsätt vara inloggad

page-footer-help = Hjälp
page-footer-accessibility = Tillgänglighet
page-footer-terms = Villkor
page-footer-cookies = Kakor

form-summary = Rätta det här först
form-error-prefix = Fel:
form-optional = (frivilligt)
form-select-empty = Välj
form-day-format = Skriv år, månad och dag: ÅÅÅÅ-MM-DD
form-file-format = PDF, PNG eller JPEG, högst 10 MB

# Fel i ett fält, efter sina koder.
fault-required = Fyll i det här.
fault-choose = Välj ett alternativ.
fault-too-long = Texten är för lång. Korta ned den.
fault-day = Skriv dagen som år, månad och dag, till exempel 2026-11-03.
fault-email = Kontrollera e-postadressen. Den ska se ut som namn@exempel.se.
fault-phone = Kontrollera telefonnumret. Skriv bara siffror, och landsnummer om det är utländskt.
fault-file-missing = Välj en fil.
fault-file-type = Filen är av en sort som vi inte tar emot. Spara den som PDF och försök igen.
fault-file-size = Filen är för stor. Den får vara högst 10 MB.
fault-ident-length = Numret har fel antal siffror. Ett personnummer har 12 siffror, ett organisationsnummer 10.
fault-ident-digits = Skriv bara siffror, och ett bindestreck före de fyra sista om du vill.
fault-ident-type = Det är ett nummer av en annan sort. Kontrollera vilket nummer som ska stå här.
fault-ident-date = Datumet i numret finns inte. Kontrollera år, månad och dag.
fault-ident-century = Året stämmer inte. Skriv året med fyra siffror.
fault-ident-serial = De fyra sista siffrorna stämmer inte. Kontrollera dem.
fault-ident-checksum = Numret stämmer inte. En siffra är fel, eller två har bytt plats.
fault-other = Svaret går inte att använda ({ $code }).
