//! Swedish identity numbers: parse, check, redact. No I/O.
