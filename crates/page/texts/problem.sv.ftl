# Problem som sidor: vad som hände, vad du kan göra.

problem-do = Det här kan du göra
problem-who = Här får du hjälp
problem-reference = Referenskod
problem-time = Tidpunkt
problem-code = Felkod
problem-copy = Kopiera
problem-copied = Kopierad
problem-broken = Det här saknas
problem-broken-prefix = Saknas:

way-login = Till inloggningen
way-start = Till startsidan
way-again = Försök igen
way-party = Välj vem du företräder
way-switch-party = Byt
way-ask = Be om behörighet

problem-login-cancelled = Du avbröt i appen
problem-login-cancelled-what = Ingen är inloggad och ingenting är underskrivet.
problem-login-cancelled-do = Börja om när du vill.

problem-login-replaced = En annan inloggning tog över
problem-login-replaced-what = En annan inloggning eller underskrift påbörjades med din e-legitimation, och den här avbröts.
problem-login-replaced-do = Vänta en stund och börja om. Var det inte du som började den andra? Godkänn då ingenting i appen.

problem-login-expired = Tiden gick ut
problem-login-expired-what = Det dröjde för länge innan du blev klar i appen. Ingen är inloggad.
problem-login-expired-do = Börja om, och ha appen öppen när du gör det.

problem-id-unusable = E-legitimationen kan inte användas här
problem-id-unusable-what = Den kan vara spärrad, för gammal eller av en sort som inte räcker här.
problem-id-unusable-do = Logga in på ett annat sätt, eller fråga den som har gett ut din e-legitimation.

problem-app-too-old = Appen eller enheten är för gammal
problem-app-too-old-what = Din app eller enhet klarar inte det som behövs.
problem-app-too-old-do = Uppdatera appen eller använd en annan enhet. Börja sedan om.

problem-risk-blocked = Det här stoppades av säkerhetsskäl
problem-risk-blocked-what = Vi släppte inte in dig den här gången. Ingenting har gjorts i ditt namn.
problem-risk-blocked-do = Kontakta oss om du själv ville logga in. Uppge referenskoden.

problem-wrong-person = Du är inloggad som någon annan
problem-wrong-person-what = Den som legitimerade sig i appen är inte den som är inloggad här. Ingenting har skrivits under.
problem-wrong-person-do = Gå tillbaka och använd din egen e-legitimation, eller logga ut först.

problem-provider-down = E-legitimationen svarar inte
problem-provider-down-what = Felet ligger hos den som sköter e-legitimationen. Ingenting har gjorts.
problem-provider-down-do = Vänta en stund och försök igen, eller logga in på ett annat sätt.

problem-login-our-fault = Det gick fel
problem-login-our-fault-what = Felet är vårt. Vi har fått veta det.
problem-login-our-fault-do = Försök igen om en stund. Uppge referenskoden om du kontaktar oss.

problem-other-browser = Det här började någon annanstans
problem-other-browser-what = Inloggningen eller underskriften började i en annan webbläsare eller på en annan enhet, eller så finns den inte kvar. Därför kan den inte bli klar här.
problem-other-browser-do = Börja om här. Fick du länken av någon annan? Då ska du inte logga in med den.

problem-evidence-refused = Svaret från e-legitimationen godkändes inte
problem-evidence-refused-what = Vi kontrollerade svaret, och det höll inte. Ingen är inloggad och ingenting är underskrivet.
problem-evidence-refused-do = Börja om. Kontakta oss om det händer igen, och uppge referenskoden.

problem-method-not-offered = Det går inte att logga in så här
problem-method-not-offered-what = Det här sättet att logga in finns inte för tjänsten nu.
problem-method-not-offered-do = Välj ett annat sätt.

problem-login-used = Den är redan använd
problem-login-used-what = Inloggningen eller underskriften är redan klar och kan bara användas en gång.
problem-login-used-do = Är du inte inloggad? Börja om.

problem-no-authority = Du är legitimerad men saknar behörighet
problem-no-authority-what = Vi vet vem du är, men du har ingen behörighet här.
problem-no-authority-do = Be den som är behörighetsadministratör hos din arbetsgivare att ge dig behörighet. Den gäller så snart du laddar om sidan.

problem-login-needed = Du behöver logga in
problem-login-needed-what = Sidan visas bara för den som är inloggad.
problem-login-needed-do = Logga in, så kommer du vidare.

problem-session-ended = Du har loggats ut
problem-session-ended-what = Det gick lång tid utan att något hände, eller så loggade du ut någon annanstans.
problem-session-ended-do = Logga in igen.
problem-session-ended-kept = Inloggningen hann ta slut innan formuläret skickades. Ingenting är skickat. Det du skrev finns kvar i 24 timmar, och bara du kan se det. Bifogade filer är inte sparade.

problem-no-access = Du har inte behörighet
problem-no-access-what = Du får inte göra det här nu. Ingenting har ändrats.
problem-no-access-named = Du får inte göra det här för { $party } nu: { $what }. Ingenting har ändrats.
problem-no-access-named-own = Du får inte göra det här för egen del nu: { $what }. Ingenting har ändrats.
problem-no-access-gives = Du får ge det här till andra men har det inte själv: { $what }. Ingenting har ändrats.
problem-no-access-gives-do = Ge det till en kollega som ska göra det. Behöver du det själv måste en annan behörighetsadministratör ge dig det.
problem-no-access-choose = Du är här för egen del. Välj den organisation som du vill företräda, och försök igen.
problem-no-access-do = Be den som kan ändra det, och försök sedan igen. Du behöver inte logga ut.
problem-no-access-ask = Du kan be om det du saknar här: { $what }. Hos organisationen får behörighetsadministratören din förfrågan och svarar på den.

problem-wrong-party = Sidan gäller någon annan än den du företräder nu
problem-wrong-party-what = Du har bytt vem du företräder, kanske i en annan flik. Ingenting har ändrats.
problem-wrong-party-do = Välj vem du vill företräda, och gör om det du ville göra.

problem-wrong-party-named = Länken gäller { $name }
problem-wrong-party-named-what = Du företräder någon annan just nu. Ingenting har ändrats.
problem-wrong-party-named-do = Byt till { $name } för att gå vidare.
problem-wrong-party-kept = Du företräder någon annan just nu. Ingenting är skickat. Det du skrev finns kvar i 24 timmar, och bara du kan se det. Bifogade filer är inte sparade.

problem-forged = Formuläret gäller inte längre
problem-forged-what = Det skickades inte från din nuvarande inloggning. Ingenting har ändrats.
problem-forged-do = Öppna sidan på nytt och fyll i formuläret igen.

problem-foreign-origin = Anropet kom inte härifrån
problem-foreign-origin-what = En annan webbplats försökte skicka något i ditt namn, eller så döljer din webbläsare varifrån det kom. Ingenting har ändrats.
problem-foreign-origin-do = Gå till startsidan och börja där.

problem-unreadable = Vi förstod inte
problem-unreadable-what = Det som skickades går inte att läsa. Ingenting har ändrats.
problem-unreadable-do = Gå till startsidan och börja där.

problem-invalid = Något i svaren går inte att använda
problem-invalid-what = Minst ett svar är av fel sort. Ingenting har ändrats.
problem-invalid-do = Gå tillbaka, rätta och skicka igen.

problem-not-found = Sidan finns inte
problem-not-found-what = Adressen är fel, eller så är sidan inte till för dig.
problem-not-found-do = Kontrollera adressen, eller börja på startsidan.

problem-wrong-method = Så kan sidan inte användas
problem-wrong-method-what = Sidan finns, men inte för det som skickades.
problem-wrong-method-do = Gå till startsidan och börja där.

problem-too-large = Det är för stort
problem-too-large-what = Filen eller texten är större än vi tar emot. En fil får vara högst 10 MB. Ingenting har sparats.
problem-too-large-do = Gör den mindre och skicka igen.

problem-bad-type = Den sorten tar vi inte emot
problem-bad-type-what = Det som skickades är av en sort som inte används här. Ingenting har sparats.
problem-bad-type-do = Gå tillbaka och skicka det i en annan form.

problem-too-many = Det går för fort
problem-too-many-what = Det har kommit för många försök härifrån på kort tid.
problem-too-many-do = Vänta en minut och försök igen.

problem-too-slow = Det tog för lång tid
problem-too-slow-what = Det som skickades kom inte fram i tid. Ingenting har ändrats.
problem-too-slow-do = Försök igen.

problem-gone = Det finns inte kvar
problem-gone-what = Länken är använd, eller så är ärendet avslutat.
problem-gone-do = Börja på startsidan.

problem-conflict = Någon hann före
problem-conflict-what = Det har ändrats sedan du öppnade sidan. Det du gjorde har inte sparats.
problem-conflict-do = Öppna sidan på nytt och se hur det ser ut nu.

problem-conflict-named = Det går inte som det är nu
problem-conflict-named-what = { $says }
problem-conflict-named-do = Ingenting har ändrats.

problem-stale = Vi kan inte säkert svara just nu
problem-stale-what = Vi kan inte kontrollera att behörigheterna är aktuella. Då säger vi hellre nej. Ingenting har ändrats.
problem-stale-do = Försök igen om en stund.

problem-our-fault = Något gick fel hos oss
problem-our-fault-what = Felet är vårt. Ingenting har ändrats.
problem-our-fault-do = Försök igen om en stund. Uppge referenskoden om du kontaktar oss.

problem-busy = Det är mycket att göra just nu
problem-busy-what = Vi hann inte med. Ingenting har ändrats.
problem-busy-do = Vänta en stund och försök igen.
problem-full = Just nu kan vi inte spara något
problem-full-what = Det har blivit fel hos oss: utrymmet att spara på är fullt. Ingenting har ändrats. Det som du har gjort tidigare finns kvar och går att läsa.
problem-full-do = Försök igen om en stund. Vi vet om felet.
problem-clock = Klockan går fel hos oss
problem-clock-what = Vi kan inte lita på vår klocka just nu, och svarar hellre nej än fel. Ingenting har ändrats.
problem-clock-do = Försök igen om en stund. Vi vet om felet.

problem-client-wrong = E-tjänsten skickade dig hit på fel sätt
problem-client-wrong-what = { $service } bad oss logga in dig, men begäran går inte att använda. Ingenting har lämnats ut om dig.
problem-client-wrong-do = Gå tillbaka till e-tjänsten och börja om. Händer det igen, berätta för den som ansvarar för e-tjänsten och lämna det här: { $says }
