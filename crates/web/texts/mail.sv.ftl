# Brev. De går i klartext och säger därför inget om någon person: bara vad som har hänt och var det syns.
# $url är tjänstens adress; vad $argument är står vid varje brev.

# $argument: ärendets nummer.
mail-connected-organisation-subject = Ni är anslutna till e-tjänsterna för arbetsgivare
mail-connected-organisation =
    Hej!

    Er ansökan är registrerad och bekräftad. Ni är nu anslutna till e-tjänsterna för arbetsgivare.

    Den som ni anmälde som behörighetsadministratör kan logga in med sin e-legitimation och ge andra hos er behörighet:
    { $url }

    Villkoren som ni har godkänt finns på { $url }/terms

    Är det något som inte stämmer? Kontakta oss genast. Kontaktuppgifterna finns på { $url }/help

    Ärende: { $argument }
# $argument: ärendets nummer.
mail-connected-administrator-subject = Du är behörighetsadministratör
mail-connected-administrator =
    Hej!

    Din arbetsgivare har anslutit sig till e-tjänsterna för arbetsgivare och anmält dig som behörighetsadministratör. Det gäller från och med nu.

    Logga in med din e-legitimation för att se vilka som har behörighet och ge fler:
    { $url }

    Ge bara behörighet till den som behöver den i sitt arbete, och ta bort den när den inte behövs längre.

    Är det fel att du står som administratör? Kontakta oss. Kontaktuppgifterna finns på { $url }/help

    Ärende: { $argument }
# $argument: ärendets nummer.
mail-application-confirmed-officer-subject = En ansökan som du registrerade är bekräftad
mail-application-confirmed-officer =
    Hej!

    En kollega har bekräftat en ansökan om anslutning som du registrerade. Arbetsgivaren och dess administratör har fått besked.

    Ärende: { $argument }
    { $url }
# $argument: skälets kod.
mail-application-returned-subject = Er ansökan behöver kompletteras
mail-application-returned =
    Hej!

    Er ansökan om att ansluta er till e-tjänsterna för arbetsgivare går inte att godkänna som den är. Ingenting har börjat gälla.

    { $argument ->
        [not_authorised] Skäl: den som har skrivit under har inte rätt att företräda er. Skicka in blanketten på nytt, underskriven av någon som har den rätten.
        [incomplete] Skäl: en uppgift saknas på blanketten, till exempel behörighetsadministratören. Fyll i den helt och skicka in den på nytt.
        [unreadable] Skäl: blanketten går inte att läsa. Skicka in den på nytt.
       *[other] Skicka in blanketten på nytt, eller kontakta oss för att få veta vad som saknas.
    }

    Kontaktuppgifterna finns på { $url }/help
# $argument: ärendets nummer.
mail-application-lapsed-subject = En ansökan om anslutning har förfallit
mail-application-lapsed =
    Hej!

    En ansökan om anslutning till e-tjänsterna för arbetsgivare bekräftades inte i tid och har förfallit. Ingenting har börjat gälla. En ny blankett behöver registreras om anslutningen fortfarande ska göras.

    Frågor besvaras av oss. Kontaktuppgifterna finns på { $url }/help

    Ärende: { $argument }
# $argument: den som du får företräda, som slumpat nummer.
mail-mandate-given-subject = Du har fått behörighet
mail-mandate-given =
    Hej!

    Du har fått behörighet att företräda en organisation i våra e-tjänster. Den gäller redan.

    Logga in med din e-legitimation och välj vem du vill företräda:
    { $url }/for/{ $argument }

    Tror du att det är ett misstag? Fråga den som är behörighetsadministratör hos din arbetsgivare.
mail-mandate-ended-subject = En behörighet har tagits bort
mail-mandate-ended =
    Hej!

    En av dina behörigheter i våra e-tjänster har tagits bort och gäller inte längre. Andra behörigheter som du har är kvar.

    Du ser vad du har kvar när du loggar in:
    { $url }

    Tror du att det är ett misstag? Fråga den som är behörighetsadministratör hos din arbetsgivare.
# $argument: organisationen, som slumpat nummer.
mail-request-asked-subject = Någon ber om behörighet
mail-request-asked =
    Hej!

    Någon ber om behörighet att företräda en organisation där du är behörighetsadministratör.

    Logga in med din e-legitimation för att se vem det är och svara:
    { $url }/for/{ $argument }/requests

    En förfrågan som ingen svarar på förfaller av sig själv.
# $argument: sista dagen som behörigheten gäller.
mail-request-granted-subject = Du har fått den behörighet som du bad om
mail-request-granted =
    Hej!

    Administratören har svarat ja på din förfrågan om behörighet. Behörigheten gäller redan, till och med { $argument }.

    Är du inloggad behöver du inte logga in igen. Välj vem du vill företräda:
    { $url }/party
# $argument: skälets kod.
mail-request-declined-subject = Du har fått svar på din förfrågan om behörighet
mail-request-declined =
    Hej!

    Administratören har svarat nej på din förfrågan om behörighet.

    { $argument ->
        [not_ours] Skäl: du arbetar inte med det här hos organisationen.
        [not_needed] Skäl: dina arbetsuppgifter kräver inte behörigheten.
        [talk_first] Skäl: ni behöver prata om det först.
       *[other] Logga in för att se skälet.
    }

    Behöver du behörigheten ändå? Prata med din chef. Du ser din förfrågan när du loggar in:
    { $url }
# $argument: organisationen, som slumpat nummer.
mail-request-answered-subject = En förfrågan om behörighet är besvarad
mail-request-answered =
    Hej!

    En annan behörighetsadministratör har svarat på en förfrågan om behörighet. Du behöver inte göra något.

    Du ser svaret när du loggar in:
    { $url }/for/{ $argument }/requests?show=all
# $argument: ärendets nummer.
mail-request-lapsed-subject = Ingen svarade på din förfrågan om behörighet
mail-request-lapsed =
    Hej!

    Du har bett om behörighet att företräda en organisation. Ingen svarade i tid, så din förfrågan har förfallit.

    Behöver du behörigheten fortfarande? Prata med din chef, eller fråga igen:
    { $url }

    Ärende: { $argument }

# $argument: vad det är, med sitt namn i mätvärdena, och dagen då det går ut.
mail-expiry-bankid-certificate-subject = BankID-certifikatet går ut: { $argument }
mail-expiry-bankid-certificate =
    Det här brevet går till driften.

    Myndighetens certifikat hos BankID, eller ett av dess utfärdare, går ut eller har gått ut: { $argument }. Sedan kan ingen logga in.

    Beställ ett nytt certifikat av banken. Byt filerna som bankid.client_certificate och bankid.client_key pekar på, starta om och kör behorig check --online.
mail-expiry-bankid-roots-subject = En rot hos BankID går ut: { $argument }
mail-expiry-bankid-roots =
    Det här brevet går till driften.

    Ett rotcertifikat som BankID kontrolleras med går ut eller har gått ut: { $argument }. Sedan kan ingen logga in.

    Hämta den nya roten hos BankID och kontrollera dess fingeravtryck. Lägg till den i filen, starta om och kör behorig check --online.
mail-expiry-public-certificate-subject = Webbplatsens certifikat går ut: { $argument }
mail-expiry-public-certificate =
    Det här brevet går till driften.

    Certifikatet för { $url } går ut eller har gått ut: { $argument }. Sedan varnar webbläsarna alla besökare.

    Förnya det, byt filerna som public.certificate och public.key pekar på och starta om.
mail-expiry-key-subject = En nyckel bör bytas: { $argument }
mail-expiry-key =
    Det här brevet går till driften.

    En nyckel har snart använts i ett år, eller längre: { $argument }. Den fungerar fortfarande, men bör bytas.

    Kör behorig keys list och sedan behorig keys rotate med nyckelns namn.
