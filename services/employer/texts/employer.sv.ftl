# Arbetsgivarens sjukanmälan: från formuläret till handläggaren.

employer-menu-reports = Sjukanmälningar
employer-menu-received = Inkomna sjukanmälningar

# Listan.

employer-reports-title = Sjukanmälningar
employer-reports-lead = Anmäl en medarbetare som fortfarande är sjuk när sjuklöneperioden är slut.
employer-reports-none = Här finns inga sjukanmälningar än.
employer-reports-caption = Lämnade sjukanmälningar, den senaste först
employer-new = Ny sjukanmälan
employer-older = Visa äldre
employer-column-employee = Anställd
employer-column-first-sick-day = Första sjukdag
employer-column-received = Kom in
employer-column-sender = Lämnad av
employer-column-state = Läge
employer-column-reference = Referenskod
employer-column-organisation = Arbetsgivare
employer-column-act = Åtgärd
employer-erased-name = Uppgiften är raderad

employer-state-received = Inkommen, inte öppnad
employer-state-opened = Öppnad av handläggare
employer-state-withdrawn = Återtagen
employer-state-opened-at = Öppnad av handläggare { $time }
employer-state-withdrawn-at = Återtagen { $time }
employer-late = Sen anmälan
employer-late-says = Den sista dagen för anmälan hade gått när den kom in, så den är märkt som sen. Den behandlas ändå.

# Formuläret.

employer-form-title = Ny sjukanmälan
employer-form-lead = Du kan lämna en anmälan från och med sjukdag { $first }, och den ska ha kommit in senast sjukdag { $last }. Skriv inget om vilken sjukdom det är.
employer-form-employee = Den anställda
employer-form-absence = Sjukfrånvaron
employer-form-contact = Kontakt hos er
employer-form-contact-says = Vem ska vi fråga om något är oklart? Fyll i telefon eller e-post, eller båda.
employer-form-next = Granska anmälan
employer-cancel = Avbryt
employer-field-employee-number = Personnummer eller samordningsnummer
employer-field-employee-number-hint = Tolv siffror: ÅÅÅÅMMDD-NNNN
employer-field-employee-name = För- och efternamn
employer-field-workplace = Arbetsplats
employer-field-workplace-hint = Namn eller adress på stället där den anställda arbetar.
employer-field-first-sick-day = Första sjukdag
employer-field-first-sick-day-hint = Den första dagen med sjukfrånvaro. Den räknas som sjukdag 1.
employer-field-last-sick-pay-day = Sista dag med sjuklön
employer-field-last-sick-pay-day-hint = Lämna tomt om ni betalade sjuklön hela sjuklöneperioden. Då blir det sjukdag { $days }.
employer-field-degree = Omfattning
employer-field-degree-hint = Hur stor del av arbetstiden är den anställda sjuk?
employer-field-contact-name = Kontaktpersonens namn
employer-field-contact-phone = Kontaktpersonens telefon
employer-field-contact-email = Kontaktpersonens e-post
employer-degree = { $percent } procent

employer-fault-first-in-future = Den första sjukdagen ligger framåt i tiden. Skriv i dag eller en tidigare dag.
employer-fault-first-too-old = Den första sjukdagen ligger mer än ett år tillbaka. Den tidigaste dagen du kan skriva är { $earliest }. Kontrollera året.
employer-fault-too-early = Det är för tidigt. Med den här första sjukdagen kan du lämna anmälan från och med { $opens }.
employer-fault-last-sick-pay-day = Den sista dagen med sjuklön ska ligga i sjuklöneperioden: tidigast { $from } och senast { $to }.
fault-sickness-line = Något i texten går inte att använda, till exempel en radbrytning eller ett dolt tecken. Skriv om den på en rad.
fault-sickness-contact = Fyll i ett telefonnummer eller en e-postadress.

# Texten som skrivs under.

employer-text-heading = Sjukanmälan från arbetsgivare
employer-text-employer = Arbetsgivare
employer-text-workplace = Arbetsplats
employer-text-employee = Anställd
employer-text-number = Personnummer eller samordningsnummer
employer-text-first-sick-day = Första sjukdag
employer-text-last-sick-pay-day = Sista dag med sjuklön
employer-text-degree = Omfattning
employer-text-contact = Kontaktperson
employer-text-phone = Telefon
employer-text-email = E-post
employer-text-promise = Jag, { $name }, lämnar den här anmälan för { $organisation }. Uppgifterna är riktiga.

# Granskningen.

employer-review-title = Granska och skriv under
employer-review-lead = Läs igenom texten. När du har skrivit under skickas anmälan genast.
employer-review-text = Det här skriver du under
employer-review-change = Ändra uppgifterna
employer-review-late = Den sista dagen för anmälan har gått. Du kan lämna den ändå, men den märks som sen.
employer-review-refused = Anmälan kan inte lämnas i dag
employer-sign = Skriv under med BankID
employer-sign-says = Samma text visas i BankID-appen. Kontrollera att den stämmer innan du skriver under.
employer-sign-this = BankID på den här enheten
employer-sign-this-says = För dig som har BankID i den här mobilen eller datorn.
employer-sign-other = BankID på en annan enhet
employer-sign-other-says = Du läser av en QR-kod med mobilen.
employer-back-to-review = Tillbaka till granskningen

# Kvittot.

employer-receipt-title = Kvitto på sjukanmälan
employer-receipt-received = Anmälan har kommit in. Ingen handläggare har öppnat den än.
employer-receipt-opened = En handläggare har öppnat anmälan. Den kan inte längre återtas.
employer-receipt-withdrawn = Anmälan är återtagen. Den lästes aldrig av någon handläggare.
employer-receipt-text = Texten som skrevs under
employer-fact-reference = Referenskod
employer-fact-received = Kom in
employer-fact-signed = Underskriven
employer-fact-sender = Lämnad av
employer-fact-organisation = För
employer-fact-state = Läge
employer-erased = Texten visas inte. Den kan vara raderad, eller gälla någon vars uppgifter inte visas.
employer-evidence = Underskriften
employer-evidence-says = Filen är svaret från BankID, precis som vi fick det. Med den kan du visa vad du skrev under. Den innehåller personuppgifter.
employer-evidence-download = Ladda ned underskriften

# Att återta.

employer-withdraw = Återta anmälan
employer-withdraw-heading = Blev det fel?
employer-withdraw-says = Du kan återta anmälan tills en handläggare öppnar den. Sedan kan du lämna en ny.
employer-withdraw-title = Återta anmälan?
employer-withdraw-effect = Anmälan återtas genast, och ingen handläggare läser den. Det går inte att ångra, men du kan lämna en ny anmälan.
employer-withdraw-not = Behåll anmälan

# Handläggarens sidor.

employer-received-title = Inkomna sjukanmälningar
employer-received-lead = När du öppnar en anmälan kan avsändaren inte längre återta den.
employer-received-filter = Vilka anmälningar som visas
employer-received-waiting = Inte öppnade
employer-received-all = Alla
employer-received-none-waiting = Inga anmälningar väntar på att öppnas.
employer-received-none = Inga anmälningar har kommit in.
employer-received-caption = Inkomna sjukanmälningar, den senaste först
employer-received-one-title = Inkommen sjukanmälan
employer-open = Öppna anmälan
employer-show = Visa
employer-one-waiting = Anmälan är inte öppnad. När du öppnar den kan avsändaren inte längre återta den.
employer-one-withdrawn = Avsändaren återtog anmälan innan någon hade öppnat den. Texten visas därför inte.

employer-why = Varför avsändaren fick lämna anmälan
employer-why-lead = Så såg det ut när anmälan lämnades, även om något har ändrats sedan dess.
employer-why-gone = Uppgiften om detta finns inte kvar.
employer-why-connected = { $organisation } var ansluten till tjänsten.
employer-why-since = Sedan { $day }.
employer-why-accepted = { $organisation } hade godkänt de allmänna villkoren, version { $version }.
employer-why-accepted-paper = På blankett, gäller från { $day }.
employer-why-accepted-service = I e-tjänsten, gäller från { $day }.
employer-why-administrator = { $name } fick bestämma om behörigheter: { $permissions }.
employer-why-user = { $name } hade behörigheten { $permissions }.
employer-why-given = Gavs av { $name } den { $day }.
employer-why-registered = Registrerades av myndigheten den { $day }, efter arbetsgivarens ansökan.
employer-why-until = Gällde till { $time }.
employer-why-signed = { $name } skrev under med BankID.
employer-why-signed-at = { $time }

# Varför något inte går som det är nu.

conflict-sickness-draft-gone = Utkastet finns inte kvar. Det kan vara skickat, eller äldre än ett dygn. Fyll i en ny anmälan om du inte hittar den i listan.
conflict-sickness-draft-changed = Utkastet ändrades efter att texten hade visats för dig, kanske i en annan flik. Öppna granskningen igen och läs den nya texten.
conflict-sickness-rules = Anmälan kan inte lämnas i dag. Öppna granskningen igen, så ser du varför.
conflict-sickness-limits = Tjänsten är inte rätt inställd, så ingen anmälan kan lämnas nu. Kontakta oss.
conflict-sickness-opened = En handläggare har öppnat anmälan. Den kan inte längre återtas.
conflict-sickness-withdrawn = Anmälan är redan återtagen.

# Brevet till den som har lämnat en anmälan.

mail-sickness-report-sent-subject = Vi har tagit emot din anmälan
mail-sickness-report-sent = Vi har tagit emot en anmälan som du har lämnat i e-tjänsterna för arbetsgivare.
    Referenskod: { $argument }

    Logga in för att läsa kvittot: { $url }

# Händelser i loggen.

event-employer-sickness-report-drafted = En sjukanmälan påbörjades
event-employer-sickness-report-sent = En sjukanmälan lämnades
event-employer-sickness-report-sent-again = En sjukanmälan lämnades en gång till
event-employer-sickness-report-read = Sjukanmälningar lästes
event-employer-sickness-report-opened = En sjukanmälan öppnades
event-employer-sickness-report-withdrawn = En sjukanmälan återtogs
