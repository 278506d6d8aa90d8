# Vad som saknas när beslutet är nej, efter beslutets koder, och vem som kan ändra det.

broken-method-withdrawn = Sättet du loggade in på får inte längre användas här.
broken-method-withdrawn-since = Sättet du loggade in på får inte användas här sedan { $time }.
broken-method-not-allowed = Organisationen tillåter inte det sätt du loggade in på.
broken-loa-too-low = Sättet du loggade in på är inte säkert nog för det här. Logga in med en starkare e-legitimation.
broken-party-not-connected = Organisationen är inte ansluten till tjänsten.
broken-party-deregistered = Organisationen är inte längre ansluten till tjänsten.
broken-party-deregistered-since = Organisationen är inte ansluten till tjänsten sedan { $time }.
broken-terms-not-accepted = Organisationen har inte godkänt villkoren som gäller nu.
broken-locked = Tillgången är spärrad.
broken-locked-since = Tillgången är spärrad sedan { $time }.
broken-no-mandate = Du har ingen behörighet för den du företräder.
broken-mandate-ended = Din behörighet har slutat gälla.
broken-mandate-ended-since = Din behörighet slutade gälla { $time }.
broken-mandate-not-yet = Din behörighet har inte börjat gälla.
broken-mandate-not-yet-since = Din behörighet börjar gälla { $time }.
broken-mandate-scope = Du har behörighet, men inte för just det här.
broken-chain-broken = Den som gav dig behörigheten har inte längre rätt att ge den.
broken-right-missing = Du får inte ge den här behörigheten vidare.
broken-unknown-permission = Behörigheten finns inte i tjänsten.
broken-rule = En regel för tjänsten hindrar det.
broken-stale = Vi kan inte kontrollera att behörigheterna är aktuella.
broken-other = En förutsättning är inte uppfylld ({ $code }).

mender-yourself = Det kan du själv ändra.
mender-organisation-administrator = Behörighetsadministratören hos organisationen kan ändra det.
mender-agency = Myndigheten kan ändra det.
mender-issuer = Den som har gett ut din e-legitimation kan ändra det.
mender-nobody = Det kan ingen ändra.
