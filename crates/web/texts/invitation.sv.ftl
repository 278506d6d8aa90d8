# Inbjudan till de två första medarbetarna.

invitation-title = Använd en inbjudan
invitation-lead = När tjänsten installerades gjordes två inbjudningar, till två personer. Ingen av dem får göra något förrän båda har legitimerat sig och den andra har bekräftat den första.
invitation-code = Kod
invitation-code-says = 25 tecken i fem grupper. Stora och små bokstäver, mellanslag och bindestreck spelar ingen roll.
invitation-email = Din e-postadress i arbetet
invitation-email-says = Hit skickar vi besked om ärenden som du har registrerat.
invitation-button = Använd inbjudan
invitation-waiting = Din inbjudan är använd
invitation-waiting-says = Nu väntar vi på att den andra personen använder sin. Du får göra något först när båda är klara och den andra har bekräftat dig. Ladda om sidan för att se om det har hänt.
invitation-waiting-confirm = Båda inbjudningarna är använda
invitation-waiting-confirm-says = Den andra personen behöver nu bekräfta dig. Ladda om sidan för att se om det har hänt.
invitation-done = Ni är klara
invitation-done-says = Båda är medarbetare hos { $agency } och kan ta emot ansökningar.
invitation-done-link = Välj vem du företräder
invitation-confirm-title = Bekräfta den andra personen
invitation-confirm-effect = { $name } använde den första inbjudan. Kontrollera att det är rätt person innan du bekräftar: ni får båda alla roller som behövs för att sköta tjänsten.
invitation-confirm-name = Namn
invitation-confirm-number = Personnummer
invitation-confirm-button = Bekräfta { $name }
invitation-confirm-cancel = Inte nu
