#!/bin/sh
# CGI: says which method, user and query arrived, and gives the body back.
printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n'
printf '%s\n%s\n%s\n' "$REQUEST_METHOD" "$REMOTE_USER" "$QUERY_STRING"
head -c "${CONTENT_LENGTH:-0}"
