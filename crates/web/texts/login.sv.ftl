# Startsidan, demons personer, sidan att logga in på, utloggning.

start-title = E-tjänster hos { $agency }
start-lead = Här loggar du in och gör dina ärenden, för egen del eller för den du företräder.
start-login = Logga in

demo-more = Mer i demon
demo-login = Logga in som vanligt, med QR-kod eller på den här enheten
demo-phone = Den simulerade telefonen med BankID, och allas personnummer
demo-inbox = Brevlådan med all e-post som demon skickar
demo-silent = Den simulerade telefonen svarar inte
demo-silent-says = Personerna kan inte visas nu. Starta om demon om det inte går över.
demo-logged-in = Du är inloggad
demo-logged-in-says = Du är inloggad som { $name }. Väljer du en annan person loggas du ut.
demo-logged-in-on = Till din startsida

login-title = Logga in
login-lead = Välj hur du vill legitimera dig.
login-lead-service = Välj hur du vill legitimera dig för { $service }.
login-bankid-this = BankID på den här enheten
login-bankid-this-says = För dig som har BankID i den mobil eller dator som du använder nu.
login-bankid-other = BankID på en annan enhet
login-bankid-other-says = För dig som har BankID i en mobil. Du läser av en QR-kod med den.
login-demo = I demon: välj en av de påhittade personerna
login-all = Visa alla tjänster
login-closed = Det går inte att logga in just nu
login-closed-says = Inget sätt att logga in är öppet för tjänsten. Försök igen senare.
login-already = Du är redan inloggad
login-already-says = Du är inloggad som { $name }. Loggar du in igen avslutas den inloggningen.
login-already-on = Till din startsida
login-audiences = Tjänster och hjälp
login-methods = Du loggar in med:
login-service-closed = Tjänsten har inget öppet sätt att logga in just nu.
login-help = Hjälp att logga in
login-help-says = Fråga först på din arbetsplats om du loggar in för en arbetsgivare. Frågor om tjänsten svarar vi på.
login-issuer = Problem med själva BankID
login-issuer-says = Är ditt BankID spärrat, för gammalt eller borttappat? Då hjälper banken dig. Det kan vi inte göra.
login-issuer-help = Hjälp med BankID
login-issuer-terms = Om BankID
# Visas i appen.
login-app = Logga in hos { $agency }.
login-app-service = Logga in hos { $agency }: { $service }.

logout-title = Du är utloggad
logout-lead = Ingen kan fortsätta i din inloggning här.
logout-reached = Alla flikar i den här webbläsaren är utloggade.
logout-others = { $count ->
    [one] Du är fortfarande inloggad på ett ställe till: i en annan webbläsare eller på en annan enhet.
   *[other] Du är fortfarande inloggad på { $count } ställen till: i andra webbläsare eller på andra enheter.
}
logout-others-heading = Kvar på andra ställen
logout-others-none = Du är inte inloggad någon annanstans.
logout-others-end = Logga ut där också
logout-sessions = Se dina inloggningar
logout-app = BankID-appen påverkas inte. Den har ingen egen inloggning här.
logout-not-reached = Är du inloggad i en annan webbläsare eller på en annan enhet är du kvar där. BankID-appen påverkas inte.
logout-shared = Delar du datorn med andra? Stäng webbläsaren.
logout-again = Logga in igen
logout-ask = Logga ut?
logout-ask-lead = Du loggas ut i alla flikar i den här webbläsaren. Det du inte har skickat går förlorat.
logout-stay = Fortsätt vara inloggad

authorize-some-service = En e-tjänst
logout-left-told = { $service } får besked om att du har loggat ut.
logout-left-untold = { $service } får inget besked om att du har loggat ut. Logga ut där också om du har e-tjänsten öppen.
