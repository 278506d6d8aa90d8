# Legitimering eller underskrift som pågår.

order-title-auth = Legitimera dig med BankID
order-title-sign = Skriv under med BankID
order-lead-auth = Gör så här. Sidan går vidare av sig själv när du är klar i appen.
order-lead-sign = Gör så här för att skriva under. Sidan går vidare av sig själv när du är klar i appen.
order-qr-open = Öppna BankID-appen på din mobil.
order-qr-scan = Tryck på symbolen för QR-kod och rikta kameran mot koden här.
order-check = Kontrollera att texten i appen är samma som här nedanför. Skriv sedan din säkerhetskod.
order-qr-alt = QR-kod att läsa av med BankID-appen. Den byts varje sekund.
order-qr-visible = QR-koden är helt synlig.
order-qr-hidden = QR-koden syns inte helt.
order-qr-time = Du har ungefär tre minuter på dig att läsa av koden.
order-qr-still = Rör sig inte koden? Visa sidan på ett enklare sätt.
order-this-open = Tryck på knappen för att öppna BankID-appen.
order-this-back = Kom tillbaka hit när du är klar, om det inte sker av sig självt.
order-text = Det här ska stå i appen
order-continue = Jag är klar i appen
order-cancel = Avbryt
order-wait-scan = Väntar på att du läser av koden.
order-wait-start = Väntar på att du öppnar BankID-appen.
order-done = Klart. Du kommer vidare.
order-reload = Sidan läses om.
order-given-up = Det här avbröts innan det blev klart. Ingenting har gjorts.
order-way-back = Börja om
