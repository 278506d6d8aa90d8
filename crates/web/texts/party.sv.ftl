# Vem man företräder, och startsidan för den.

party-title = Vem vill du företräda?
party-lead = Allt du gör gäller den du väljer. Du kan byta när du vill utan att logga in igen.
party-myself = För egen del
party-agency = Du arbetar här: { $roles }
party-current = Vald nu
party-search = Sök namn eller organisationsnummer
party-search-do = Sök
party-found = Visar { $shown } av { $found }.

home-title = Start
home-lead-myself = Det här kan du göra för egen del.
home-lead-party = Det här kan du göra för { $name }.
home-may = Det här får du göra
home-missing = Det här hindrar dig just nu
home-alone = Ska du företräda en arbetsgivare?
home-alone-says = Då behöver du behörighet därifrån. Be om den här, eller prata med den som är behörighetsadministratör hos arbetsgivaren. Den gäller så snart du laddar om sidan.
home-alone-ask = Be om behörighet
home-more = Be om mer behörighet, eller se vad du har bett om
home-requests = Någon ber om behörighet
home-requests-says = { $count ->
    [one] En förfrågan väntar på svar.
   *[other] { $count } förfrågningar väntar på svar.
 }
home-requests-link = Se och svara
