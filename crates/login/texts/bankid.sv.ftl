# BankID: vad användaren får veta. Nycklarna bankid-rfa… följer numren i BankID:s lista över
# användarmeddelanden; orden är våra egna. Samma nycklar finns i bankid.en.ftl.

## Medan ärendet pågår

bankid-rfa1 = Starta BankID-appen.
bankid-rfa9-auth = Läs texten i BankID-appen. Kontrollera att den namnger tjänsten du besöker och skriv sedan in din säkerhetskod.
bankid-rfa9-sign = Läs texten i BankID-appen. Kontrollera att det är det du vill skriva under och skriv sedan in din säkerhetskod.
bankid-rfa13 = Försöker starta BankID-appen.
bankid-rfa15a = Letar efter ditt BankID, det kan ta en stund. Har det gått lång tid finns kanske inget BankID som går att använda på den här datorn. Har du ett BankID på kort, sätt i kortet. Du kan också använda BankID på en annan enhet.
bankid-rfa15b = Letar efter ditt BankID, det kan ta en stund. Har det gått lång tid finns kanske inget BankID som går att använda på den här enheten. Du kan använda BankID på en annan enhet.
bankid-rfa21-auth = Legitimeringen pågår.
bankid-rfa21-sign = Underskriften pågår.
bankid-rfa23 = Läs av ditt pass eller nationella id-kort med telefonen. Följ anvisningarna i BankID-appen.
bankid-rfa24 = Följ anvisningarna i BankID-appen för att visa ditt ansikte.
bankid-rfa25 = Välj i BankID-appen hur du vill bekräfta vem du är.
bankid-silent = BankID svarar inte just nu. Vi fortsätter att fråga i en minut. Har du redan godkänt i appen behöver du inte göra något mer.
bankid-call-confirm = Bekräfta i BankID-appen att du är med i samtalet.

## När ärendet har slutat utan resultat

bankid-rfa2 = BankID-appen verkar inte finnas på den här enheten. Installera den och skaffa ett BankID hos din bank, eller använd BankID på en annan enhet.
bankid-rfa3 = Åtgärden avbröts eftersom en annan startades för dig. Om det inte var du: godkänn ingenting i BankID-appen och kontakta din bank. Annars kan du försöka igen.
bankid-rfa4 = En legitimering eller underskrift för dig pågick redan. Båda har avbrutits. Om du inte startade den andra: godkänn ingenting i BankID-appen och kontakta din bank. Annars kan du försöka igen.
bankid-rfa5 = Något gick fel tekniskt hos BankID. Försök igen om en stund eller välj ett annat sätt.
bankid-rfa6 = Du avbröt. Du kan försöka igen när du vill.
bankid-rfa8 = BankID-appen svarade inte i tid. Kontrollera att appen är startad och att enheten har kontakt med internet. Försök sedan igen.
bankid-rfa16 = Ditt BankID kan inte användas. Det kan vara spärrat eller för gammalt, eller så har fel säkerhetskod skrivits för många gånger. Skaffa ett nytt eller fråga banken som har gett ut det.
bankid-rfa17a = BankID-appen startade inte. Kontrollera att den finns på den här enheten och försök igen, eller använd BankID på en annan enhet.
bankid-rfa17b = QR-koden lästes inte av i tid. Öppna BankID-appen, tryck på symbolen för QR-kod och rikta kameran mot skärmen. Försök igen.
bankid-rfa22 = Ett okänt fel inträffade. Försök igen.
bankid-rfa26 = Passet eller id-kortet kunde inte kontrolleras. Försök igen eller fråga banken som har gett ut ditt BankID.
bankid-rfa27 = Ansiktet kunde inte kontrolleras. Försök igen i bättre ljus eller fråga banken som har gett ut ditt BankID.
bankid-rfa28 = Enheten kan inte läsa chipet i pass eller id-kort. Använd BankID på en annan enhet.
bankid-rfa29 = Det finns flera BankID på enheten. Ta bort dem du inte använder och försök igen.
bankid-rfa30 = Den extra kontrollen av vem du är lyckades inte. Försök igen eller fråga banken som har gett ut ditt BankID.
bankid-call-declined = Du svarade att du inte är med i något samtal. Ingenting har godkänts. Om någon uppmanade dig att använda ditt BankID: lägg på och kontakta din bank.
bankid-app-too-old = Din BankID-app är för gammal för det här. Uppdatera den och försök igen, eller använd en annan enhet.
bankid-risk-blocked = Åtgärden stoppades av säkerhetsskäl. Kontakta supporten om du behöver hjälp.
bankid-wrong-person = BankID:t tillhör någon annan än den som är inloggad. Ingenting har skrivits under.
bankid-unverified = Svaret från BankID gick inte att kontrollera. Du är inte inloggad och ingenting har skrivits under. Försök igen eller välj ett annat sätt.
bankid-our-fault = Något gick fel tekniskt hos oss. Felet är anmält. Kontakta supporten och uppge referenskoden om det brådskar.

## Knappar och val

bankid-rfa18 = Starta BankID-appen
bankid-rfa19-auth = Vill du legitimera dig med BankID på den här datorn eller med Mobilt BankID?
bankid-rfa19-sign = Vill du skriva under med BankID på den här datorn eller med Mobilt BankID?
bankid-rfa20-auth = Vill du legitimera dig med BankID på den här enheten eller på en annan?
bankid-rfa20-sign = Vill du skriva under med BankID på den här enheten eller på en annan?
