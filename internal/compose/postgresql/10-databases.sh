#!/bin/sh
# Run once by the postgres image, when the data folder is new: a database for
# Duenotice with a login that owns its tables and one that works in them, a role
# and two databases for Temporal, and no way from one to the other. Temporal's
# role must not read patient data.
set -eu
: "${DUENOTICE_OWNER_PASSWORD:?is not set}" "${DUENOTICE_POSTGRES_PASSWORD:?is not set}" "${TEMPORAL_POSTGRES_PASSWORD:?is not set}"

psql --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 <<'SQL'
-- \getenv, so that no password is in a command line anyone on the host can list.
\getenv owner_password DUENOTICE_OWNER_PASSWORD
\getenv program_password DUENOTICE_POSTGRES_PASSWORD
\getenv temporal_password TEMPORAL_POSTGRES_PASSWORD
CREATE ROLE duenotice LOGIN PASSWORD :'owner_password';
-- What internal/postgres/access.sql gives rights to; the owner may not make roles itself.
CREATE ROLE duenotice_engine NOLOGIN NOINHERIT;
CREATE ROLE duenotice_officer NOLOGIN NOINHERIT;
CREATE ROLE duenotice_approver NOLOGIN NOINHERIT;
CREATE ROLE duenotice_counsel NOLOGIN NOINHERIT;
CREATE ROLE duenotice_operator NOLOGIN NOINHERIT;
CREATE ROLE duenotice_practice NOLOGIN NOINHERIT;
CREATE ROLE duenotice_page NOLOGIN NOINHERIT;
CREATE ROLE duenotice_app NOLOGIN NOINHERIT
    IN ROLE duenotice_engine, duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;
GRANT duenotice_app TO duenotice;
CREATE ROLE duenotice_program LOGIN NOINHERIT PASSWORD :'program_password' IN ROLE duenotice_app;
\getenv pages_password DUENOTICE_PAGES_PASSWORD
\if :{?pages_password}
-- With an empty password nobody comes in.
CREATE ROLE duenotice_pages LOGIN INHERIT PASSWORD :'pages_password' IN ROLE duenotice_page;
\endif
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE duenotice OWNER duenotice ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE duenotice, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE duenotice TO duenotice_program, duenotice_page;
-- The connections that people's logins cannot take (reserved_connections).
GRANT pg_use_reserved_connections TO duenotice, duenotice_program, temporal;
\connect duenotice
-- What only a superuser can close to people's logins: docs/access.md.
GRANT pg_signal_backend, pg_read_all_stats TO duenotice;
GRANT USAGE ON LANGUAGE plpgsql TO duenotice;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
SELECT format('GRANT EXECUTE ON FUNCTION %s TO pg_read_all_stats', f.oid::regprocedure) FROM pg_proc f
WHERE f.pronamespace = 'pg_catalog'::regnamespace AND f.proname ~ '^pg_(lock_status|stat_get_(activity|backend_.*|.*tuples.*))$' \gexec
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.oid::regprocedure) FROM pg_proc f
WHERE f.pronamespace = 'pg_catalog'::regnamespace AND f.proname ~ '^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_sleep.*|pg_logical_emit_message|pg_export_snapshot|pg_lock_status|pg_stat_get_(activity|backend_.*|.*tuples.*))$' \gexec
SQL
