# Att öppna uppgifter om personer med skyddade personuppgifter.

nav-protected = Skyddade personuppgifter
nav-protected-says = Öppna uppgifter om en person vars namn och nummer inte visas.
protected-title = Öppna skyddade personuppgifter
protected-lead = Varje gång du öppnar uppgifter blir det en händelse med ditt skäl. Personen ser den bland sina egna händelser.
protected-number = Personnummer
protected-reason = Varför du behöver uppgifterna
protected-reason-errand = Ett ärende som personen har eller som gäller personen
protected-reason-own-request = Personen har bett om det själv
protected-reason-correction = Något som finns här är fel
protected-reason-review = Granskning av vad kollegor har öppnat
protected-button = Öppna
protected-cancel = Avbryt
protected-opened = Uppgifterna
protected-opened-says = Lämna dem inte vidare. De visas en gång; nästa gång frågar vi efter skäl igen.
protected-nobody = Ingen sådan person
protected-nobody-says = Ingen med det personnumret har skyddade personuppgifter här.
protected-again = Öppna en person till
protected-form = Slag av skydd
protected-form-secrecy-marking = Sekretessmarkering
protected-form-protected-registration = Skyddad folkbokföring
protected-form-number-replaced = Personen har en annan identitet nu
protected-name = Namn
protected-email = E-postadress
protected-not-kept = Finns inte här
protected-mark = Vem som har skydd
protected-mark-says = Det bestäms bara av folkbokföringen. Ingen här kan lägga till eller ta bort ett skydd.
