# Den egna översikten: för vem man får handla och varför, kvitton och inloggningar.

nav-mine = Min översikt
nav-mine-says = Se för vem du får handla och varför, dina kvitton och var du är inloggad.
mine-title = Min översikt
mine-lead = Här ser du för vem du får handla, vad det bygger på och vad som finns om dig här.
mine-parties = För vem du får handla
mine-parties-self = För egen del får du alltid göra det som tjänsterna öppnar för alla.
mine-parties-none = Ingen har gett dig behörighet att företräda någon annan.
mine-caption = Dina behörigheter hos { $name }
mine-given-by = Given av
mine-by-administrator = En behörighetsadministratör hos { $organisation }
mine-act = Mer
mine-more = Mer om dig
mine-receipts = Mina kvitton
mine-receipts-says = Hämta bevis på det du har skrivit under.
mine-receipts-lead = Det här har du skrivit under. Kvittot är en fil som visar att det finns i vår logg. Vem som helst kan kontrollera det, utan hjälp av oss. Att du läser listan blir också en händelse.
mine-receipts-none = Du har inte skrivit under något här.
mine-receipts-check = Kvittot innehåller inga namn och inga personnummer.
mine-receipt = Kvitto
mine-receipt-get = Hämta
mine-sessions = Mina inloggningar
mine-sessions-says = Se var du är inloggad, och logga ut där.
mine-why-allowed = Du får göra det här för { $organisation }: { $what }.
mine-why-refused = Du får inte göra det här för { $organisation } just nu: { $what }.
mine-why-own = Du har behörigheten { $what } hos { $organisation }.
mine-why-giver = En behörighetsadministratör hos { $organisation } har { $what } och får ge den vidare.
mine-why-given = Gavs { $date } av en behörighetsadministratör hos { $organisation }.
mine-why-note = Svaret gäller { $time }, så som du är inloggad nu.
mine-why-others = Det här ingår i behörigheten
conflict-receipt-not-yet = Kvittot är inte klart än. Det tar några sekunder. Försök igen.

sessions-title = Mina inloggningar
sessions-lead = { $count ->
    [one] Du är inloggad på ett ställe.
   *[other] Du är inloggad på { $count } ställen.
}
sessions-says = En inloggning avslutas av sig själv 30 minuter efter att du senast gjorde något, och senast två timmar efter att du loggade in.
sessions-where = Var
sessions-method = Inloggad med { $method }
sessions-party = Företräder
sessions-opened = Loggade in
sessions-seen = Senast använd
sessions-ends = Avslutas
sessions-act = Mer
sessions-this = Den här
sessions-self = Egen del
sessions-end = Logga ut där
sessions-end-others = Logga ut på alla andra ställen
sessions-client = { $browser } på { $system }
sessions-client-other = Annan webbläsare
sessions-client-unknown = Okänd webbläsare
sessions-unknown = Känner du inte igen en inloggning? Logga ut där, och kontakta den som har gett ut din e-legitimation.
