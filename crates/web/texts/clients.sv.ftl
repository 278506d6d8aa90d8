# E-tjänster som är anslutna med OpenID Connect: lista, registrera, visa, stänga av.

nav-clients = Anslutna e-tjänster
nav-clients-says = Anslut e-tjänster, prova att de fungerar och stäng av dem.
clients-title = Anslutna e-tjänster
clients-lead = E-tjänster som låter sina besökare logga in här och frågar här vad de får göra.
clients-none = Ingen e-tjänst är ansluten.
clients-caption = Anslutna e-tjänster efter id
clients-name = E-tjänst
client-state = Läge
client-state-on = Ansluten
client-state-off = Avstängd
client-register = Anslut en e-tjänst

client-register-title = Anslut en e-tjänst
client-register-lead = Uppgifterna får du av den som bygger e-tjänsten.
client-register-what = E-tjänsten
client-register-proof = Hur e-tjänsten visar vem den är
client-register-addresses = Adresser
client-register-more = Mer
client-register-button = Anslut e-tjänsten
client-register-cancel = Avbryt
client-id = Id (client_id)
client-id-says = 3–40 tecken: a–z, 0–9 och bindestreck. Börjar med en bokstav. Det kan inte ändras och inte användas igen.
client-service = Tjänst i katalogen
client-service-says = E-tjänsten får bara fråga om behörigheter i den här tjänsten. Den behöver finnas i tjänstekatalogen.
client-catalogue = Tjänstens katalogfil
client-catalogue-says = Finns tjänsten inte i listan ovanför? Välj filen som beskriver den och lämna listan som den är. Du får se vad som ändras innan något händer. Har tjänsten egna villkor behöver driften lägga till den.
client-catalogue-format = TOML, högst 32 kB
client-catalogue-kept = Katalogfilen som du valde är kvar. Välj en fil bara om den ska bytas.
client-catalogue-wrong = Fel i katalogfilen
client-catalogue-place = Rad { $line }, tecken { $column }
client-name-sv = Namn på svenska
client-name-en = Namn på engelska
client-name-says = Så heter e-tjänsten för sina besökare.
client-authentication = Sätt att visa vem den är
client-proof-keys = Med en privat nyckel
client-proof-keys-says = För e-tjänster som körs på en server (private_key_jwt).
client-proof-public = Bara med PKCE
client-proof-public-says = För program hos användaren, som inte kan hålla något hemligt.
client-keys = Publika nycklar
client-keys-says = Klistra in en JWK Set med de publika nycklarna. Behövs när e-tjänsten har en privat nyckel. Den privata nyckeln ska aldrig lämna e-tjänsten.
client-kids = Nycklarnas id (kid)
client-redirect-uris = Adresser dit besökaren kommer efter inloggningen
client-redirect-uris-says = En adress på varje rad. De jämförs tecken för tecken. En e-tjänst som bara frågar själv behöver ingen.
client-post-logout-redirect-uris = Adresser dit besökaren kommer efter utloggningen
client-post-logout-redirect-uris-says = En adress på varje rad.
client-backchannel-logout-uri = Adress som får veta att någon har loggat ut
client-backchannel-logout-uri-says = Vi anropar den i bakgrunden när besökarens session här tar slut.
client-home = E-tjänstens startsida
client-answers = Svar om besökaren
client-userinfo = Svaren om besökaren ska vara underskrivna
client-userinfo-says = Välj det bara om e-tjänsten kan läsa ett signerat svar (JWT) från userinfo.
client-developers = För utveckling
client-loopback = Vilken adress som helst på utvecklarens egen dator godtas
client-loopback-says = Bara för e-tjänster med bara PKCE, och aldrig i skarp drift.
client-registered-at = Ansluten
client-disabled-at = Avstängd
client-registered = E-tjänsten är ansluten
client-registered-says = Den fungerar redan. Prova anslutningen längre ned på sidan.
client-disabled = E-tjänsten är avstängd
client-disabled-says = Den kan inte längre logga in någon eller fråga om något.
client-discovery = Till den som bygger e-tjänsten
client-discovery-says = Alla adresser och publika nycklar finns genom den här adressen.
client-off-says = E-tjänsten är avstängd för gott. Ska den användas igen behöver den anslutas under ett annat id.

client-disable = Stäng av
client-disable-title = Stäng av e-tjänsten
client-disable-effect = När du stänger av e-tjänsten kan ingen längre logga in i den härifrån, och den får inga fler svar. Det gäller genast och kan inte ångras.
client-disable-button = Stäng av e-tjänsten
client-disable-cancel = Avbryt

client-review-title = Granska innan tjänsten börjar gälla
client-review-lead = Ingenting har ändrats än. Läs vad som kommer att gälla, och sätt det sedan i kraft.
client-review-holds = Det här kommer att gälla
client-review-permissions = Nya behörigheter
client-review-packages = Nya roller
client-review-package = { $package }: { $permissions }
client-review-givers = Vem som får ge dem
client-review-gives = { $giver } får ge: { $gives }. Källa: { $source }.
client-review-by-application = Myndigheten, efter ansökan,
client-review-by-invitation = Inbjudan till myndighetens första medarbetare
client-review-numbers = Personnummer
client-review-no-number = E-tjänsten får inte besökarens personnummer.
client-review-number = E-tjänsten får besökarens personnummer, med stöd av { $ground }.
client-review-people = Vem som får och vem som förlorar
client-review-nobody = Ingen: alla behörigheter som gäller ger precis vad de gav.
client-review-unknown = Det går inte att säga: katalogen som gäller kan inte läsas av den här versionen av programmet.
client-review-everyone-gain = Alla får för egen del: { $permission }
client-review-everyone-lose = Alla förlorar för egen del: { $permission }
client-review-gain-use = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får använda: { $permission }
client-review-gain-give = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får ge: { $permission }
client-review-gain-give-on = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får ge vidare: { $permission }
client-review-lose-use = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får inte längre använda: { $permission }
client-review-lose-give = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får inte längre ge: { $permission }
client-review-lose-give-on = { $people ->
    [one] En person
   *[other] { $people } personer
  } hos { $parties ->
    [one] en organisation
   *[other] { $parties } organisationer
  } får inte längre ge vidare: { $permission }
client-review-not-counted = Om de når hela vägen beror också på deras inloggning och på om deras organisation är ansluten. Det är inte medräknat.
client-review-whole = Hela tjänsten, så som den kommer att stå i katalogen
client-review-folder = Efteråt
client-review-folder-says = Be driften lägga filen bland katalogens andra filer, under namnet { $file }. Saknas den där går nästa version av katalogen inte att sätta i kraft.
client-review-same = Katalogen innehåller redan tjänsten, precis så som filen beskriver den. Bara e-tjänsten ansluts.
client-review-button = Sätt i kraft och anslut
client-review-change = Ändra
client-review-outdated-says = Ingenting har gjorts. Så här blir det nu. Läs igenom det och bekräfta igen.
