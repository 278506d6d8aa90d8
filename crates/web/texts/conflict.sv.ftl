# Varför något inte går som det är nu, efter koderna i app och authority.

conflict-other = Läget har ändrats, eller så tillåter en regel det inte.
conflict-already-connected = Arbetsgivaren är redan ansluten till tjänsten.
conflict-application-open = Det finns redan en registrerad ansökan från samma arbetsgivare. Avsluta den först.
conflict-case-moved-on = Någon annan har redan avslutat ärendet.
conflict-catalogue-in-use = Den nya tjänstekatalogen saknar en behörighet som någon har. Avsluta de behörigheterna först, eller behåll dem i katalogen.
conflict-catalogue-same = Tjänstekatalogen gäller redan, ord för ord.
conflict-changed-meanwhile = Någon annan ändrade samma sak samtidigt. Öppna sidan på nytt och försök igen.
conflict-evidence-refused = Svaret från e-legitimationen godkändes inte.
conflict-invitation-not-open = Det finns inget att bekräfta. Antingen är det redan gjort, eller så är den andra inbjudan inte använd.
conflict-invitation-same-person = Du har redan använt en inbjudan. Den andra är till för någon annan: det måste vara två personer.
conflict-mandate-ended-already = Behörigheten har redan slutat gälla.
conflict-mandate-exists = Personen har redan den behörigheten. Ta bort den först om slutdagen ska vara en annan.
conflict-not-a-demo = Det går bara i en demo.
conflict-not-installed = Installationen är inte klar. Den som sköter driften behöver slutföra den.
conflict-no-new-key = Nyckeln kunde inte bytas.
conflict-order-moved-on = Inloggningen eller underskriften är redan avslutad.
conflict-order-not-ready = Inloggningen eller underskriften är inte klar ännu, eller redan använd.
conflict-session-ended = Du har loggats ut. Logga in igen.
conflict-terms-version = Den versionen av villkoren gäller inte.
conflict-text-too-long = Texten är för lång för att skrivas under. Korta ned den.
conflict-two-persons = Du registrerade ansökan. Någon annan måste bekräfta den: det ska alltid vara två personer.
conflict-give-to-self = Du kan inte ge dig själv behörighet. Be en annan behörighetsadministratör.
conflict-give-nothing = Det finns inget att ge: välj en behörighet och en slutdag som inte har varit.
conflict-give-kind = Den behörigheten kan inte ges på det här sättet.
conflict-give-not-held = Du har inte själv rätt att ge den behörigheten.
conflict-give-interval = Din egen rätt att ge behörighet slutar tidigare. Välj en slutdag före den.
conflict-give-too-deep = Kedjan av behörigheter skulle bli för lång. Be en administratör som står närmare ansökan.
conflict-rule-needs-successor = Det här är den sista behörighetsadministratören. Ge först någon annan den rollen.
conflict-rule-gives = Bara arbetsgivaren själv kan ge den behörigheten.
conflict-rule-two-persons = Någon annan måste ta det här steget: det ska alltid vara två personer.
conflict-end-not-found = Behörigheten finns inte, eller har redan slutat gälla.

# Fel i ett fält, efter koderna i app.

fault-field-missing = Fyll i det här.
fault-name-form = Kontrollera namnet. Det får vara högst 200 tecken.
fault-email-form = Kontrollera e-postadressen. Den ska se ut som namn@exempel.se.
fault-date-form = Skriv dagen som år, månad och dag, till exempel 2026-11-03.
fault-date-future = Dagen har inte varit ännu. Skriv en dag till och med i dag.
fault-date-past = Dagen har redan varit. Skriv i dag eller en senare dag.
fault-terms-version = Välj en version av villkoren som gäller eller har gällt.
fault-scan-too-large = Filen är för stor. Den får vara högst 5 MB.
fault-scan-type = Filen är av en sort som vi inte tar emot. Spara den som PDF, PNG eller JPEG.
fault-unknown-permission = Välj en av behörigheterna i listan.
fault-invitation-unknown = Koden stämmer inte. Kontrollera att alla 25 tecken är med.
