# A throw-away PostgreSQL server: prints its socket folder and lives until standard input ends, which it does
# when the test process does, even by kill -9. $1 is the folder of the server's programs; further
# arguments go to the server and win over the settings here.
trap : INT TERM HUP
programs=$1
shift
dir=$(mktemp -d "${TMPDIR:-/tmp}/behorig-pg.XXXXXX") || exit 1
cd "$dir" || exit 1
"$programs/initdb" -D "$dir/data" -U behorig -A trust -E UTF8 --no-locale --no-sync >"$dir/log" 2>&1 </dev/null ||
    { cat "$dir/log" >&2; rm -rf "$dir"; exit 1; }
"$programs/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=64MB "$@" >>"$dir/log" 2>&1 </dev/null &
server=$!
tries=0
until "$programs/pg_isready" -q -h "$dir" -t 1; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 $server 2>/dev/null; then
        cat "$dir/log" >&2; kill -QUIT $server 2>/dev/null; rm -rf "$dir"; exit 1
    fi
    sleep 0.1
done
echo "$dir"
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$dir"
