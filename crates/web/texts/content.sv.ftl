# Sidorna i foten: hjälp, tillgänglighet, kakor, villkor, logg.

help-title = Hjälp
help-lead = Här ser du vem du kan fråga. Har du fått en referenskod på en felsida? Ha den till hands.
help-services = Frågor om tjänsterna
help-none = Det finns inga kontaktuppgifter ännu.
help-authority = Du kommer in men saknar behörighet
help-authority-says = Det är din arbetsgivare som ger dig behörighet. Fråga den som är behörighetsadministratör hos din arbetsgivare. Behörigheten gäller så snart den är given: du behöver inte logga ut.
help-e-id = Fel på själva e-legitimationen
help-e-id-says = Den som har gett ut din e-legitimation hjälper dig om den är spärrad, för gammal eller inte går att starta.
help-reference = Vad är en referenskod?
help-reference-says = Varje gång något nekas eller går fel visas en kort kod. Med den hittar vi precis det som hände, utan att du behöver berätta vem du är.
help-safety = Logga aldrig in på någon annans uppmaning
help-safety-says = Vi ringer aldrig upp och ber dig använda din e-legitimation. Godkänn bara inloggningar och underskrifter som du själv har startat.

accessibility-title = Tillgänglighet
accessibility-lead = { $agency } står bakom den här webbplatsen. Vi vill att så många som möjligt ska kunna använda den. Här beskriver vi hur webbplatsen uppfyller lagen om tillgänglighet till digital offentlig service, kända brister och hur du kan berätta om problem för oss.
accessibility-how = Hur tillgänglig är webbplatsen?
accessibility-how-says = Webbplatsen är byggd för att följa WCAG 2.2 på nivå AA: den fungerar utan JavaScript, med bara tangentbord, med skärmläsare, på små skärmar och i mörkt läge. Ingen utomstående har granskat den ännu. Tills det är gjort anger vi att den är delvis förenlig med kraven.
accessibility-gaps = Det här vet vi brister
accessibility-gap-scan = Skannade blanketter är bilder utan text. De visas bara för myndighetens handläggare.
accessibility-gap-qr = Att läsa av en QR-kod kräver en kamera och att man ser koden. Du som inte kan det väljer att starta appen på samma enhet i stället.
accessibility-gap-app = BankID-appen är inte vår. Frågor om dess tillgänglighet besvaras av den som har gett ut din e-legitimation.
accessibility-gap-languages = Texterna finns på svenska och engelska. De finns ännu inte på lätt svenska, teckenspråk eller de nationella minoritetsspråken.
accessibility-gap-readers = Vi har ännu inte prövat webbplatsen tillsammans med personer som använder skärmläsare, förstoring eller röststyrning.
accessibility-burden = Undantag
accessibility-burden-says = Vi åberopar inte att något krav skulle vara oskäligt betungande. Inget innehåll är undantaget från lagen.
accessibility-tested = Hur vi har testat
accessibility-tested-says = Vi har själva gjort bedömningen. Den gjordes senast { $day }: ett program gick igenom { $pages } sidor i en riktig webbläsare, var och en som någon som får se den. Samma genomgång görs vid varje ändring av webbplatsen, och den här redogörelsen ändras med den.
accessibility-checks-caption = Vad som har prövats på varje sida
accessibility-check-what = Det här har prövats
accessibility-check-outcome = Sidor utan anmärkning
accessibility-check-result = { $passed } av { $pages }
accessibility-check-axe = Regler i WCAG 2.2 A och AA som ett program kan pröva, och kontrast i ljust läge
accessibility-check-keyboard = Allt nås med bara tangentbord, i sidans ordning, och fokus syns
accessibility-check-without-script = Samma innehåll utan JavaScript
accessibility-check-reflow = Inget faller utanför vid 320 bildpunkters bredd, som vid 400 procents förstoring
accessibility-check-text-spacing = Inget faller utanför när läsaren ökar avståndet mellan rader, ord och bokstäver
accessibility-check-target-size = Knappar och länkar är minst 24 gånger 24 bildpunkter
accessibility-check-dark = Kontrast i mörkt läge
accessibility-check-forced-colours = Kontrast i färger som läsaren själv har valt
accessibility-check-reduced-motion = Inget rör sig för den som har bett om mindre rörelse
accessibility-check-print = Allt som betyder något kommer med på papper
accessibility-check-languages = Sidan är helt på det språk som läsaren har valt
accessibility-tell = Berätta om något inte fungerar
accessibility-tell-says = Kontakta oss om något hindrar dig, så hjälper vi dig på ett annat sätt. Kontaktuppgifterna finns under
accessibility-supervision = Tillsyn
accessibility-supervision-says = Är du inte nöjd med hur vi tar hand om det du har berättat? Anmäl det till den myndighet som har tillsyn över lagen (2018:1937):

cookies-title = Kakor
cookies-lead = Vi använder bara de kakor som behövs för det du själv ber om. Därför frågar vi inte om lov.
cookies-caption = Alla kakor på webbplatsen
cookies-name = Namn
cookies-why = Varför den behövs
cookies-how-long = Hur länge den finns
cookies-session = Håller dig inloggad. Den innehåller bara ett slumpat nummer.
cookies-session-how-long = Tills du stänger webbläsaren. Den slutar gälla när du loggar ut, eller när det gått för lång tid.
cookies-browser = Ser till att en inloggning som började i den här webbläsaren också slutar här.
cookies-browser-how-long = Tills du stänger webbläsaren.
cookies-order = Minns pågående inloggningar, så att du hittar tillbaka från appen.
cookies-order-how-long = 15 minuter.
cookies-logged-out = Visar efter utloggning var du är kvar, och låter dig logga ut där också. Den innehåller bara ett slumpat nummer.
cookies-logged-out-how-long = 10 minuter efter att du har loggat ut.
cookies-lang = Minns vilket språk du har valt.
cookies-lang-how-long = 180 dagar. Den sätts bara om du byter språk.
cookies-nothing-else = Inget annat
cookies-nothing-else-says = Vi mäter inte vad du gör, hämtar inget från andra webbplatser och sparar inget annat i din webbläsare.

terms-title = Villkor
terms-title-version = Villkor, version { $version }
terms-none = Det finns inga villkor att godkänna.
terms-version = Version { $version }
terms-in-force = Gäller nu
terms-coming = Börjar gälla
terms-earlier = Tidigare
terms-from = från och med { $date }
terms-hash = Textens kontrollsumma (SHA-256), som varje godkännande hänvisar till:

log-title = Aktivitetsloggen
log-lead = Allt som görs här lämnar en post i en logg. Den är byggd så att ingen, inte heller vi, kan ändra eller ta bort en post utan att det märks. Här finns det som behövs för att kontrollera det.
log-checkpoint = Den senaste kontrollpunkten
log-checkpoint-says = En kontrollpunkt är en underskrift över hela loggen som den såg ut då. Spara en kopia någon annanstans: så länge den stämmer har inget ändrats bakåt i tiden.
log-checkpoint-none = Det finns ingen kontrollpunkt ännu. Den första görs när något har hänt.
log-checkpoint-file = Hämta kontrollpunkten som fil
log-size = { $count ->
    [one] Loggen har 1 post.
   *[other] Loggen har { $number } poster.
 }
log-keys = Publika nycklar
log-keys-says = Med de här nycklarna kontrolleras underskriften. En används nu. De andra hör till äldre kontrollpunkter eller är på väg att tas i bruk.
log-how = Så kontrollerar du loggen
log-how-own = Den som driver tjänsten kontrollerar hela loggen, mot en sparad kontrollpunkt:
log-how-receipt = Den som har fått ett kvitto för en post kontrollerar det utan att komma åt loggen:
log-how-tiles = Loggens hashar är publika som brickor enligt C2SP tlog-tiles under { $url }. De säger ingenting om någon person.
log-private = Vad som inte syns här
log-private-says = Posterna själva är inte publika. Loggen innehåller slumpade nummer, inga namn eller personnummer. Dina egna händelser ser du när du är inloggad.
