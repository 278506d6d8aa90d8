# Sidans ram, formulär och datum.

page-skip = Till innehållet
page-title-error = Fel:
page-nav = Sidor
page-nav-start = Start
page-logout = Logga ut
page-date-time = { $date } kl. { $time }

page-mark-demo = Demo.
page-mark-demo-says = Alla personer och företag är påhittade. Inget gäller på riktigt.
page-mark-steps = Tillbaka till stegen
page-mark-moved = Klockan är framflyttad: här är det { $day }.
page-mark-test = Test.
page-mark-test-says = Det du gör här gäller inte på riktigt.

page-acting-label = Vem du företräder
page-acting-myself = { $name } – du är här för egen del
page-acting-organisation = Du företräder { $name }
page-acting-person = Du företräder { $name }
page-acting-agency = Du arbetar för { $name }
page-acting-role = Roll: { $role }
page-acting-roles-more = { $roles } och { $count } till
page-acting-switch = Byt

page-session-until = Du loggas ut kl. { $time } om du inte gör något.
page-session-until-last = Du loggas ut kl. { $time }. Då har inloggningen varat så länge den får. Sedan kan du logga in igen.
page-session-renew = Fortsätt vara inloggad
page-session-warning = Du loggas snart ut
page-session-warning-says = Inom två minuter loggas du ut. Det du har skrivit på sidan finns kvar om du fortsätter.
page-session-warning-last = Inom två minuter loggas du ut. Inloggningen har varat så länge den får och kan inte förlängas. Skicka det du har skrivit, eller logga in igen efteråt.
page-session-understood = Jag förstår
page-session-stay = Fortsätt vara inloggad

page-kept = Det du skrev finns kvar
page-kept-says = Det är inte skickat. Kontrollera uppgifterna och skicka formuläret. Bifogade filer sparas inte, så välj dem igen. Uppgifterna finns kvar till { $time }, och bara du kan se dem.
page-kept-drop = Ta bort det sparade

page-footer-help = Hjälp
page-footer-accessibility = Tillgänglighet
page-footer-terms = Villkor
page-footer-cookies = Kakor

form-summary = Rätta det här först
form-error-prefix = Fel:
form-optional = (frivilligt)
form-select-empty = Välj
form-day-format = Skriv år, månad och dag: ÅÅÅÅ-MM-DD
form-file-format = PDF, PNG eller JPEG, högst 10 MB
