# Demons första sida: tre minuter, klockan, loggen.

demo-title = Pröva Behörig
demo-lead = Allt här är påhittat. Följ de numrerade stegen, eller välj någon av personerna. En knapp loggar in personen på riktigt, med en simulerad telefon.
demo-lead-next = Du är på väg till en sida som kräver inloggning. Välj vem du vill vara, så kommer du dit efteråt.
demo-steps = Tre minuter, steg för steg
demo-steps-says = Ett fönster har en person åt gången: den du blir i det loggar ut den förra. Öppna ett privat fönster för Cecilia, med den här sidan, och var Farid, och senare Nils, i det här. Då är de kvar inloggade medan hon bestämmer.
demo-step-be = Bli { $name }
demo-step-refused = Nekad, och frågar.
demo-step-refused-says = Farid vill anmäla att en kollega är sjuk, men hans behörighet har tagit slut. Sidan säger vad som saknas och vem som kan ordna det. Tryck på ”Be om behörighet”.
demo-step-granted = Beviljad.
demo-step-granted-says = Cecilia bestämmer hos åkeriet. Öppna Farids förfrågan och ge honom behörigheten.
demo-step-works = Det fungerar vid nästa klick.
demo-step-works-says = Tillbaka i Farids fönster, eller som Farid igen, fyller du i anmälan: personnummer { $number }, namn Hassan Ivarsson, arbetsplats Terminalen, första sjukdag { $day }, omfattning 100 procent, kontaktperson David Ek, telefon 08-123 45 67. Lämna resten tomt. Granska, tryck på ”BankID på den här enheten”, sedan på ”Starta BankID-appen”, och på ”Godkänn” i den simulerade telefonen.
demo-step-why = Varför, och borttagen.
demo-step-why-says = Som Cecilia öppnar du ”Varför?” vid Farids behörighet: där står hela kedjan av skäl. Ta sedan bort den. Sidan som Farid har öppen i sitt eget fönster slutar gälla vid hans nästa klick.
demo-step-elsewhere = En annan e-tjänst.
demo-step-elsewhere-says = Nils beställer blanketter i en e-tjänst som någon annan driver. Bli Nils hos åkeriet. Öppna sedan e-tjänsten: den loggar in honom här, visar vem han företräder och frågar oss vad han får göra. Låt hans fönster vara öppet. Ta som Cecilia, i hennes, bort ”Beställare av blanketter” från Nils, och hans nästa klick säger nej.
demo-step-elsewhere-go = Öppna exempeltjänsten
demo-step-letters = Breven.
demo-step-letters-says = Farid har fått besked när behörigheten gavs och när den togs bort, och Cecilia när någon frågade.
demo-step-letters-go = Öppna brevlådan
demo-step-clock = Tiden går.
demo-step-clock-says = Flytta klockan 7 dagar. Ansökan från Lundby Trädgård förfaller på sin dag, och breven om det är daterade då.
demo-step-clock-go = Till klockan
demo-step-log = Beviset.
demo-step-log-says = Det du har gjort är antecknat: bli Cecilia och läs det under ”Händelser”. Ändra sedan en post i en kopia av loggen och se att kontrollen hittar just den.
demo-step-log-go = Till loggen
demo-group-employer = Hos arbetsgivare
demo-group-agency = På myndigheten
demo-group-private = Privatpersoner och anställda
demo-clock = Flytta klockan
demo-clock-now = Här är det { $day }.
demo-clock-says = Det som ska hända till dess händer i tur och ordning, var sak på sin dag. Inloggningar som hinner ta slut tar slut. Klockan går bara framåt.
demo-clock-button = { $days ->
    [one] 1 dag framåt
   *[other] { $days } dagar framåt
  }
demo-clock-moved = Nu är det { $day }
demo-clock-moved-says = Det som skulle hända till dess har hänt. Brev om det ligger i brevlådan. Den som var inloggad får logga in igen.
demo-log = Pröva loggen
demo-log-says = Knappen kopierar hela databasen, ändrar en post i kopian, kontrollerar kopian och kastar den. Den riktiga loggen rörs inte.
demo-log-button = Ändra en post i en kopia
altered-title = En post ändrades i en kopia
altered-did = I en kopia av databasen skrevs post { $number } om. Den sa: ”{ $event }”, { $at }.
altered-copy-unsound = Ändringen upptäcktes
altered-copy-sound = Ändringen upptäcktes inte
altered-copy-says = Kontrollen läste { $count } poster i kopian och jämförde dem med det som är underskrivet.
altered-finding = Post { $number } är ändrad: dess text är inte den som loggades.
altered-finding-other = Något mer stämmer inte: { $code }.
altered-own-sound = Den riktiga loggen är hel
altered-own-unsound = Den riktiga loggen är inte hel
altered-own-says = Samma kontroll läste { $count } poster i den riktiga databasen. Kopian är borttagen.
altered-report = Så säger kommandot
altered-report-says = ”behorig log verify” skriver detta om kopian:
altered-more = Mer om loggen
