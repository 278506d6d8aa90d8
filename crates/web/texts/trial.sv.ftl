# Provet av en anslutning: stegen, vad som skickades, vad som kom och vad som gick fel.

trial-title = Prova anslutningen
trial-back = Till e-tjänsten
trial-lead = Vi gör det som e-tjänsten gör när en besökare loggar in, med en nyckel som kastas efteråt. Du loggar in som dig själv. E-tjänsten märker ingenting. Om dess adresser går att nå prövas inte.
trial-button = Prova anslutningen
trial-again = Prova igen
trial-next = Fortsätt till inloggningen
trial-left = Steg som inte har tagits
trial-sent = Det som skickades
trial-came = Det som kom
trial-not-shown = (visas inte)
trial-under-way = Provet pågår
trial-under-way-says = Gå vidare till inloggningen. Provet tar slut av sig självt efter tio minuter.
trial-good = Anslutningen fungerar
trial-good-says = Alla steg gick bra. Provets nyckel är borttagen.
trial-failed = Något steg gick fel
trial-failed-says = Läs om steget längre ned, rätta det och prova igen. Provets nyckel är borttagen.
trial-step-good = Gick bra
trial-step-failed = Gick fel
trial-told = E-tjänsten skulle ha fått det här svaret:

trial-step-registration = Uppgifterna
trial-step-registration-says = Det som är registrerat är helt och går att använda, och nycklarna går att läsa.
trial-step-service = Tjänsten i katalogen
trial-step-service-says = Tjänsten finns i den katalog som gäller, och någon e-legitimation är öppen i den.
trial-step-discovery = Adresser och nycklar
trial-step-discovery-says = Så hittar e-tjänsten våra adresser och publika nycklar.
trial-step-push = Begäran
trial-step-push-says = E-tjänsten visar vem den är och lämnar sin begäran om inloggning (PAR).
trial-step-login = Inloggningen
trial-step-login-says = Besökaren loggar in och kommer tillbaka med en kod.
trial-step-code = Koden
trial-step-code-says = E-tjänsten byter koden mot intyg.
trial-step-id-token = Intyget om inloggningen
trial-step-id-token-says = E-tjänsten kontrollerar intyget med våra publika nycklar.
trial-step-userinfo = Uppgifter om besökaren
trial-step-userinfo-says = E-tjänsten får veta det här om besökaren. Dina egna uppgifter sparas inte i provet.
trial-step-decision = En fråga om behörighet
trial-step-decision-says = E-tjänsten frågar om besökaren får göra en sak. Ja och nej är båda svar som fungerar.

trial-wrong-client-disabled = E-tjänsten är avstängd. Anslut den igen under ett annat id.
trial-wrong-no-method = Ingen e-legitimation är öppen i tjänsten. Se över tjänstens katalogfil, eller öppna en e-legitimation.
trial-wrong-no-permission = Tjänsten har ingen behörighet att fråga om. Lägg till en i tjänstens katalogfil.
trial-wrong-no-keys = Det finns inga publika nycklar. Felet är vårt: be driften köra behorig keys list.
trial-wrong-state = Svaret hör inte till den här begäran (state). Prova igen, och stäng andra flikar med provet.
trial-wrong-issuer = Svaret kom inte från oss (iss). Kontrollera den publika adressen i konfigurationen.
trial-wrong-not-verified = Underskriften går inte att kontrollera med våra publika nycklar. Felet är vårt: kontakta driften.
trial-wrong-claim = En uppgift saknas eller är en annan än den som begärdes:
trial-wrong-question = Frågan gick inte att besvara. Kontrollera att tjänsten i katalogen är e-tjänstens egen:

trial-from-login = ur inloggningen
trial-from-subject = e-tjänstens eget namn på besökaren
trial-from-request = ur begäran
trial-from-party = den som besökaren företräder
trial-from-us = från oss
trial-from-eid = ur din e-legitimation
