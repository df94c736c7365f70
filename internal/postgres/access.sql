-- Who may do what in the database: roles, grants and row-level security. It is
-- applied after the migrations whenever its text has changed, and takes away
-- everything that it does not give, so that the whole of it can be read here.
-- docs/access.md explains it; a test fails for a table that it does not name.
--
-- A role is what somebody may do; the scope is which incidents and practices.
--
--   duenotice_app       the program: a login that is a member can do nothing
--                       until it takes one of the roles below
--   duenotice_engine    the worker's own steps, and loading a list
--   duenotice_officer, _approver, _counsel, _operator, _practice   people
--   duenotice_page      the server of the practices' pages, which faces the internet: a
--                       login of its own, and no role that the program takes
--
-- The scope comes from settings of the session (duenotice.incident and
-- duenotice.practice), which are believed only from the program's logins. For a
-- person's own login it is what person_role gives to the login's name, whatever
-- the session sets. None of the roles owns a table or can bypass its policies.

DO $$
DECLARE
    people text[] := ARRAY['duenotice_officer', 'duenotice_approver', 'duenotice_counsel', 'duenotice_operator', 'duenotice_practice'];
    name text;
BEGIN
    FOREACH name IN ARRAY people || ARRAY['duenotice_engine', 'duenotice_app', 'duenotice_page'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database of this server was quicker: roles belong to the server
            END;
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = name AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin)) THEN
            RAISE EXCEPTION 'the role % can log in, bypass row-level security or change roles, and must not', name
                USING ERRCODE = 'invalid_role_specification';
        END IF;
    END LOOP;
    FOREACH name IN ARRAY people || ARRAY['duenotice_engine'] LOOP
        IF NOT pg_has_role('duenotice_app', name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO duenotice_app', name);
        END IF;
    END LOOP;
    -- The owner works in these roles too where no other login was made for the program.
    IF NOT pg_has_role(session_user, 'duenotice_app', 'MEMBER') THEN
        EXECUTE format('GRANT duenotice_app TO %I', session_user);
    END IF;
END
$$;

-- What the login's name was given in person_role: {*} or incidents, or with
-- of_practices the practices as incident:key.
CREATE OR REPLACE FUNCTION login_scope(of_practices boolean) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(CASE WHEN incident_id = '' THEN '*' WHEN of_practices THEN incident_id || ':' || practice_key ELSE incident_id END), '{}')
    FROM (
        SELECT DISTINCT ON (role, incident_id, practice_key) role, incident_id, practice_key, granted
        FROM public.person_role WHERE identity = 'db:' || session_user
        ORDER BY role, incident_id, practice_key, seq DESC
    ) held
    WHERE granted AND (NOT of_practices OR role = 'practice')
$$;

-- The letters that are held back, by practice and key of the person, who is not
-- named: whoever has to see to them may know that much, and no row of a patient.
CREATE OR REPLACE FUNCTION held_letters(incident text) RETURNS TABLE (practice_key text, person_key text, why text, batch text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT p.practice_key::text, f.person_key::text, f.state_why::text, coalesce(b.name, '')::text
    FROM public.practice p JOIN public.finding f ON f.practice_id = p.id AND f.state = 'held'
    LEFT JOIN public.piece m ON m.practice_id = f.practice_id AND m.person_key = f.person_key AND NOT m.superseded
    LEFT JOIN public.mail_run r ON r.id = m.run_id
    LEFT JOIN public.batch b ON b.run_id = m.run_id AND b.number = (m.piece_no - 1) / r.batch_size + 1
    WHERE p.incident_id = incident
        -- Few practices have any: without their account everybody of the incident is read.
        AND p.id IN (SELECT a.practice_id FROM public.account a WHERE a.state IN ('held', 'returned') AND a.people > 0)
        AND (incident = ANY (public.scope_incidents()) OR '*' = ANY (public.scope_incidents()))
        AND (public.scope_practices() IS NULL OR incident || ':' || p.practice_key = ANY (public.scope_practices()))
    ORDER BY 1, 2;
END
$$;

-- Whom a letter is for, by key: an officer on the telephone has the Reference at its foot.
CREATE OR REPLACE FUNCTION people_of_letter(incident text, run integer, piece integer) RETURNS TABLE (practice_key text, person_key text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT p.practice_key::text, m.person_key::text
    FROM public.mail_run r JOIN public.piece m ON m.run_id = r.id AND m.piece_no = piece JOIN public.practice p ON p.id = m.practice_id
    WHERE r.incident_id = incident AND r.number = run
        AND (incident = ANY (public.scope_incidents()) OR '*' = ANY (public.scope_incidents()))
        AND (public.scope_practices() IS NULL OR incident || ':' || p.practice_key = ANY (public.scope_practices()))
    ORDER BY m.lead DESC, 1;
END
$$;

-- Whom a name and birth date find, by practice and key: only after the session's login has
-- a look for them on record, within five minutes.
CREATE OR REPLACE FUNCTION people_of_name(incident text, hash uuid) RETURNS TABLE (practice_key text, person_key text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT p.practice_key::text, f.person_key::text
    FROM public.finding f JOIN public.practice p ON p.id = f.practice_id
    WHERE f.name_hash = hash AND p.incident_id = incident
        AND EXISTS (SELECT FROM public.person_search s WHERE s.incident_id = incident AND s.name_hash = hash
            AND s.login = session_user AND s.at > clock_timestamp() - interval '5 minutes'
            AND s.in_transaction IS DISTINCT FROM pg_current_xact_id_if_assigned())
        AND (incident = ANY (public.scope_incidents()) OR '*' = ANY (public.scope_incidents()))
        AND (public.scope_practices() IS NULL OR incident || ':' || p.practice_key = ANY (public.scope_practices()))
    ORDER BY 1, 2;
END
$$;

-- Whether the session's login was shown the person's row within the last five minutes, as
-- the policy "revealed" has it: only then does it learn what became of them.
CREATE OR REPLACE FUNCTION was_shown(practice integer, person text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.reveal r WHERE r.practice_id = practice AND r.person_key = person
        AND r.login = session_user AND r.at > clock_timestamp() - interval '5 minutes'
        AND r.in_transaction IS DISTINCT FROM pg_current_xact_id_if_assigned())
$$;

-- The letters to a person who was shown, those that others took the place of too.
CREATE OR REPLACE FUNCTION letters_to(practice integer, person text) RETURNS TABLE (run integer, piece_no integer, batch text,
    pdf_sha256 text, printed_at timestamptz, mailed_on date, held text, superseded boolean, returned_on date, returned_why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.number, m.piece_no, coalesce(b.name, ''), coalesce(b.pdf_sha256, ''), b.saved_at, b.mailed_on, m.held, m.superseded,
        x.returned_on, coalesce(x.reason, '')
    FROM public.piece m JOIN public.mail_run r ON r.id = m.run_id
    LEFT JOIN public.batch b ON b.run_id = m.run_id AND b.number = (m.piece_no - 1) / r.batch_size + 1
    LEFT JOIN public.returned_letter x ON x.run_id = m.run_id AND x.piece_no = m.piece_no
    WHERE m.practice_id = practice AND m.person_key = person AND public.was_shown(practice, person)
    ORDER BY r.number, m.piece_no;
END
$$;

-- In which languages the letters of the batches are that a person who was shown has letters
-- in, sealed. Only whoever has the incident's data key reads them.
CREATE OR REPLACE FUNCTION languages_of_letters(practice integer, person text) RETURNS TABLE (run integer, batch text, languages bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT r.number, b.name, b.languages
    FROM public.piece m JOIN public.mail_run r ON r.id = m.run_id
    JOIN public.batch b ON b.run_id = m.run_id AND b.number = (m.piece_no - 1) / r.batch_size + 1
    WHERE m.practice_id = practice AND m.person_key = person AND b.languages IS NOT NULL AND public.was_shown(practice, person);
END
$$;

-- The lists of people that said something of a person who was shown: whoever no later
-- list added came with the first.
CREATE OR REPLACE FUNCTION lists_with(practice integer, person text) RETURNS TABLE (number integer, sha256 text, by_whom text, loaded_at timestamptz, what text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT l.number, l.sha256, l.by_whom, l.loaded_at, coalesce(c.what::text, 'added')
    FROM public.practice p JOIN public.findings_list l ON l.incident_id = p.incident_id AND l.kind = 'findings'
    LEFT JOIN public.list_change c ON c.practice_id = p.id AND c.person_key = person AND c.list_number = l.number
    WHERE p.id = practice AND public.was_shown(practice, person)
        AND (c.what IS NOT NULL OR l.number = 1
            AND (SELECT o.what FROM public.list_change o WHERE o.practice_id = p.id AND o.person_key = person ORDER BY o.list_number LIMIT 1) IS DISTINCT FROM 'added'
            AND (EXISTS (SELECT FROM public.finding f WHERE f.practice_id = p.id AND f.person_key = person)
                OR EXISTS (SELECT FROM public.list_change o WHERE o.practice_id = p.id AND o.person_key = person)))
    ORDER BY l.number;
END
$$;

-- How a person who was shown stood when they left the practice's list, '' where the program
-- knows no reason and nothing had gone out.
CREATE OR REPLACE FUNCTION left_as(practice integer, person text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT public.left_why(x.reason, x.stood) FROM public.removed_finding x
        WHERE x.practice_id = practice AND x.person_key = person AND public.was_shown(practice, person)
        ORDER BY x.list_number DESC LIMIT 1), '');
END
$$;

-- What the Postal Service's machines saw of the letters to a person who was shown.
CREATE OR REPLACE FUNCTION scans_of(practice integer, person text) RETURNS TABLE (run integer, piece_no integer, scanned_at timestamptz, operation text, facility text, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.number, s.piece_no, s.scanned_at, s.operation, s.facility, s.kind
    FROM public.piece m JOIN public.mail_run r ON r.id = m.run_id JOIN public.piece_scan s ON s.run_id = m.run_id AND s.piece_no = m.piece_no
    WHERE m.practice_id = practice AND m.person_key = person AND public.was_shown(practice, person)
    ORDER BY s.scanned_at, r.number, s.piece_no;
END
$$;

-- What services said of the address of a person who was shown, sealed.
CREATE OR REPLACE FUNCTION address_checks_of(practice integer, person text) RETURNS TABLE (number integer, checked_on date, outcome text, sealed bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT c.number, c.checked_on, a.outcome, a.sealed
    FROM public.practice p JOIN public.checked_address a ON a.practice_id = p.id AND a.person_key = person
    JOIN public.address_check c ON c.incident_id = p.incident_id AND c.number = a.check_number
    WHERE p.id = practice AND public.was_shown(practice, person)
    ORDER BY c.number;
END
$$;

-- The next ones are written so that PostgreSQL puts them into the statement they
-- guard: called as functions they would cost more than most of our statements.
CREATE OR REPLACE FUNCTION scope_incidents() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN pg_has_role(session_user, 'duenotice_app', 'MEMBER')
    THEN string_to_array(coalesce(current_setting('duenotice.incident', true), ''), ',')
    ELSE login_scope(false) END;

-- The practices as incident:key; NULL for all of the incidents.
CREATE OR REPLACE FUNCTION scope_practices() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN pg_has_role(session_user, 'duenotice_app', 'MEMBER')
        THEN string_to_array(nullif(current_setting('duenotice.practice', true), ''), ',')
    WHEN pg_has_role(session_user, 'duenotice_practice', 'MEMBER')
        THEN login_scope(true) END;

CREATE OR REPLACE FUNCTION scope_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN scope_practices() IS NULL AND '*' = ANY (scope_incidents());

-- The practices and mail runs in scope: an array once for each statement, where
-- a look at practice or mail_run for each of a million rows would take longer
-- than the rows. They see what the policies below let through.
CREATE OR REPLACE FUNCTION scope_practice_ids() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(array_agg(id), '{}') FROM practice
    WHERE incident_id = ANY (scope_incidents()) AND (scope_practices() IS NULL OR incident_id || ':' || practice_key = ANY (scope_practices())));
CREATE OR REPLACE FUNCTION scope_runs() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(array_agg(id), '{}') FROM mail_run);

-- Logins of people: those with a role above that are not the program's, the owner's
-- or an administrator's, and may come to this database.
CREATE OR REPLACE FUNCTION people_logins() RETURNS TABLE (login oid, name name)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.oid, r.rolname FROM pg_roles r
    WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolreplication
        AND NOT pg_has_role(r.oid, to_regrole('duenotice_app')::oid, 'MEMBER')
        AND NOT pg_has_role(r.oid, (SELECT relowner FROM pg_class WHERE oid = to_regclass('public.practice')), 'MEMBER')
        AND has_database_privilege(r.oid, current_database(), 'CONNECT')
        AND EXISTS (SELECT FROM pg_roles g WHERE g.rolname LIKE 'duenotice\_%' AND g.rolname <> 'duenotice_page' AND NOT g.rolcanlogin
            AND pg_has_role(r.oid, g.oid, 'MEMBER'))
$$;

-- Ends the sessions of people that stand in others' way: that hold what somebody
-- else waits for, have a transaction open and do nothing, take longer than anything
-- needs, or are more of one login than it may have, the newest first. A person can
-- raise every time limit of their own session, so the worker looks (docs/adr/0172).
CREATE OR REPLACE FUNCTION end_idle_people(blocking interval, idle interval, longest interval, sessions integer)
RETURNS TABLE (name text, why text, ended boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    it record;
BEGIN
    FOR it IN
        WITH backends AS (
            SELECT a.*, row_number() OVER (PARTITION BY a.usesysid ORDER BY a.backend_start, a.pid) AS place
            FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type = 'client backend'
        ), blockers AS (
            SELECT DISTINCT unnest(pg_blocking_pids(w.pid)) AS pid FROM backends w
            WHERE w.wait_event_type = 'Lock' AND w.usesysid NOT IN (SELECT p.login FROM public.people_logins() p)
        ), judged AS (
            SELECT b.pid, p.name, CASE
                WHEN b.pid IN (SELECT k.pid FROM blockers k) AND b.xact_start < clock_timestamp() - blocking THEN 'held what others wait for'
                WHEN b.state LIKE 'idle in transaction%' AND b.state_change < clock_timestamp() - idle THEN 'left a transaction open'
                WHEN b.xact_start < clock_timestamp() - longest THEN 'took too long'
                WHEN b.place > sessions THEN 'had too many sessions' END AS why
            FROM backends b JOIN public.people_logins() p ON p.login = b.usesysid
        )
        SELECT * FROM judged j WHERE j.why IS NOT NULL
    LOOP
        name := it.name;
        why := it.why;
        BEGIN
            ended := pg_terminate_backend(it.pid);
        EXCEPTION WHEN insufficient_privilege THEN
            ended := false; -- doctor says what is missing
        END;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Gives people's logins their limits, where nobody gave them others and where the
-- owner may. No session can raise the number of connections and what a statement
-- may write to the disk while it sorts; the times are for who means no harm.
CREATE OR REPLACE FUNCTION limit_people(sessions integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    it record;
    setting text;
BEGIN
    FOR it IN SELECT p.name, r.rolconnlimit, coalesce(array_to_string(c.setconfig, ' '), '') AS settings FROM public.people_logins() p
        JOIN pg_roles r ON r.oid = p.login LEFT JOIN pg_db_role_setting c ON c.setrole = p.login AND c.setdatabase = 0 LOOP
        FOREACH setting IN ARRAY ARRAY['connections', 'statement_timeout=5min', 'idle_in_transaction_session_timeout=1min', 'lock_timeout=1min',
            'idle_session_timeout=1h', 'temp_file_limit=256MB'] LOOP
            CONTINUE WHEN it.settings ~ split_part(setting, '=', 1) OR (setting = 'connections' AND it.rolconnlimit >= 0);
            -- One that the owner may not set, or that another worker is setting, keeps back no other.
            BEGIN
                IF setting = 'connections' THEN
                    EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', it.name, sessions);
                ELSE
                    EXECUTE format('ALTER ROLE %I SET %I = %L', it.name, split_part(setting, '=', 1), split_part(setting, '=', 2));
                END IF;
            EXCEPTION WHEN insufficient_privilege OR internal_error OR undefined_object THEN
                NULL; -- doctor says so
            END;
        END LOOP;
    END LOOP;
END
$$;

-- Functions of PostgreSQL's own that everybody may call, which no part of the program
-- needs, and which fill the disk, hold what others wait for, or tell what others do.
CREATE OR REPLACE FUNCTION open_functions() RETURNS TABLE (id oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.oid FROM pg_proc f
    WHERE f.pronamespace = 'pg_catalog'::regnamespace
        AND f.proname ~ '^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_sleep.*|pg_logical_emit_message|pg_export_snapshot|pg_lock_status|pg_stat_get_(activity|backend_.*|.*tuples.*))$'
        AND EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a WHERE a.grantee = 0)
$$;

-- What stands open that the owner cannot close: 'functions', 'code' (anybody may run
-- code of their own), 'sessions' (they cannot be ended), and logins without a limit.
CREATE OR REPLACE FUNCTION open_doors() RETURNS TABLE (door text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT 'functions' WHERE EXISTS (SELECT FROM public.open_functions())
    UNION ALL SELECT 'code' WHERE EXISTS (SELECT FROM pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
        WHERE l.lanname = 'plpgsql' AND a.grantee = 0)
    UNION ALL SELECT 'sessions' WHERE EXISTS (SELECT FROM public.people_logins())
        AND NOT (pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AND pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'))
    UNION ALL SELECT p.name::text FROM public.people_logins() p JOIN pg_roles r ON r.oid = p.login WHERE r.rolconnlimit < 0
$$;

-- Everything away first.
DO $$
DECLARE
    everybody text := 'PUBLIC, duenotice_app, duenotice_engine, duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice, duenotice_page';
    it record;
BEGIN
    FOR it IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', it.policyname, it.tablename);
    END LOOP;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %s', everybody);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM %s', everybody);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM %s', everybody);
    IF (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()) THEN
        EXECUTE format('REVOKE ALL ON SCHEMA public FROM %s', everybody);
        -- Its names are no secret, and a statement is prepared before a role is taken.
        GRANT USAGE ON SCHEMA public TO PUBLIC;
        -- A temporary table could stand in for one of ours.
        EXECUTE format('REVOKE TEMPORARY, CONNECT ON DATABASE %I FROM PUBLIC', current_database());
        -- The program's logins inherit nothing, so each needs this for itself.
        FOR it IN SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper
            AND (pg_has_role(oid, 'duenotice_app', 'MEMBER') OR pg_has_role(oid, 'duenotice_page', 'MEMBER')) LOOP
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), it.rolname);
        END LOOP;
    END IF;
END
$$;


-- What PostgreSQL gives everybody beside tables: closed where it is the owner's to
-- close, which is a superuser in a stack of one's own; else by the administrator,
-- once (docs/access.md). Who watches the server (pg_read_all_stats, pg_monitor) still sees it.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT f.oid::regprocedure AS name, f.proname ~ '^pg_(stat|lock)' AS tells
        FROM open_functions() o JOIN pg_proc f ON f.oid = o.id WHERE pg_has_role(f.proowner, 'USAGE') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', it.name);
        IF it.tells THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_read_all_stats', it.name);
        END IF;
    END LOOP;
    -- Without a language nobody runs a block of code of their own; functions that are there go on.
    IF (SELECT pg_has_role(lanowner, 'USAGE') FROM pg_language WHERE lanname = 'plpgsql') THEN
        REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
    END IF;
END
$$;

GRANT EXECUTE ON FUNCTION login_scope(boolean), scope_incidents(), scope_practices(), scope_all(), scope_practice_ids(), scope_runs(), held_letters(text)
    TO duenotice_engine, duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;
-- Whose the database is: asked before anything else, and no secret.
GRANT EXECUTE ON FUNCTION environment_name() TO PUBLIC;
GRANT EXECUTE ON FUNCTION learn_sizes(), recount_practices(text), rewrite_incident_keys(), ledger_time(timestamptz), count_account(integer[]), left_why(text, text),
    end_idle_people(interval, interval, interval, integer), limit_people(integer), open_doors() TO duenotice_engine;
GRANT EXECUTE ON FUNCTION open_doors() TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT EXECUTE ON FUNCTION session_identity() TO duenotice_engine;
GRANT EXECUTE ON FUNCTION lock_grants(), people_of_letter(text, integer, integer), letters_to(integer, text), languages_of_letters(integer, text), lists_with(integer, text), left_as(integer, text), address_checks_of(integer, text), people_of_name(text, uuid), scans_of(integer, text) TO duenotice_officer;
GRANT USAGE ON SEQUENCE practice_id_seq TO duenotice_engine;
-- All that the pages' server can do: come in with what a practice brought, and act as
-- the practice whose session it shows.
GRANT EXECUTE ON FUNCTION page_scope(), page_salt(bytea), page_passkeys(bytea), page_try(bytea, bytea, bytea), page_enter(bytea, bytea, bytea, bytea, bytea, jsonb),
    page_here(), page_leave(boolean), page_note(text, text), page_add_passkey(bytea, jsonb, text, bytea, bytea), page_remove_passkey(bytea),
    page_answers(uuid, text, text, bytea, bytea), page_serves(), page_tables() TO duenotice_page;

-- Rows: each table by what its rows belong to. The engine works on all of them.
DO $$
DECLARE
    of_incident CONSTANT text := '((SELECT scope_all()) OR %1$s = ANY ((SELECT scope_incidents())::text[]) OR ''*'' = ANY ((SELECT scope_incidents())::text[]))';
    of_key CONSTANT text := '((SELECT scope_practices()) IS NULL OR practice_key = %L OR incident_id || '':'' || practice_key = ANY ((SELECT scope_practices())::text[]))';
    -- practice has its own policy, which holds within this one.
    of_practice CONSTANT text := '((SELECT scope_all()) OR EXISTS (SELECT FROM practice p WHERE p.id = %I.practice_id))';
    of_run CONSTANT text := 'run_id = ANY ((SELECT scope_runs())::integer[])';
    it record;
    visible text;
BEGIN
    FOR it IN SELECT * FROM (VALUES
        ('incident', 'id', true), ('findings_list', 'incident', false),
        ('counting_group', 'incident', false), ('mail_run', 'incident', false), ('person_role', 'incident', false),
        ('reveal', 'key', false), ('act_request', 'act', false), ('ledger_anchor', 'act', false), ('trouble', 'act', false),
        ('practice', 'key', true), ('practice_count', 'key', true), ('act', 'act', true), ('outbox', 'key', true), ('ledger', 'act', true),
        ('practice_file', 'practice', true), ('account', 'key', true), ('approval', 'practice', true), ('obligation', 'practice', true),
        ('obligation_change', 'practice', true), ('obligation_stage', 'practice', true), ('mail_run_practice', 'practice', false),
        ('decision', 'practice', false), ('removed_finding', 'practice', false), ('dispute', 'practice', true), ('page_signed', 'practice', false),
        ('page_packet', 'practice', false), ('list_change', 'practice', false),
        ('page_practice', 'practice', false), ('page_code', 'practice', false), ('page_part', 'practice', false),
        ('page_session', 'practice', false), ('page_passkey', 'practice', false), ('page_answer', 'practice', false),
        ('post_batch', 'incident', false), ('post_piece', 'practice', false),
        ('address_check', 'incident', false), ('checked_address', 'practice', false), ('person_search', 'incident', false), ('spent_code', 'practice', false), ('piece_scan', 'run', false),
        ('posting_state', 'key', true), ('posting_look', 'practice', true),
        ('batch', 'run', false), ('piece', 'run', false), ('returned_letter', 'run', false), ('finding', 'finding', true)
    ) AS tables (name, belongs, to_practices) LOOP
        visible := CASE it.belongs
            WHEN 'id' THEN format(of_incident, 'id')
            WHEN 'incident' THEN format(of_incident, 'incident_id')
            WHEN 'key' THEN format(of_incident, 'incident_id') || ' AND ' || format(of_key, NULL)
            WHEN 'act' THEN format(of_incident, 'incident_id') || ' AND ' || format(of_key, '')
            WHEN 'run' THEN of_run
            ELSE format(of_practice, it.name) END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', it.name);
        -- A step that reads one practice's people narrows itself to that practice.
        EXECUTE format('CREATE POLICY engine ON %I TO duenotice_engine USING (%s)', it.name,
            CASE it.belongs WHEN 'finding' THEN '(SELECT scope_all()) OR practice_id = ANY ((SELECT scope_practice_ids())::integer[])' ELSE 'true' END);
        IF it.belongs <> 'finding' THEN
            EXECUTE format('CREATE POLICY in_scope ON %I TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator USING (%s)',
                it.name, visible);
        END IF;
        IF it.to_practices THEN
            EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO duenotice_practice USING ((SELECT scope_practices()) IS NOT NULL AND %s)',
                it.name, visible || CASE WHEN it.belongs = 'act' THEN ' AND practice_key <> ''''' ELSE '' END);
        END IF;
    END LOOP;
END
$$;

-- The incident's facts belong to every decision that was taken from them.
ALTER TABLE decision_incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine ON decision_incident TO duenotice_engine USING (true);
CREATE POLICY of_decisions ON decision_incident FOR SELECT TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator
    USING (EXISTS (SELECT FROM decision d WHERE d.incident_sha256 = decision_incident.sha256));

-- The data key of each incident, wrapped: of no use without the master keys.
ALTER TABLE incident_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine ON incident_key TO duenotice_engine USING (true);
CREATE POLICY in_scope ON incident_key FOR SELECT TO duenotice_officer, duenotice_operator, duenotice_practice
    USING (incident_id = ANY ((SELECT scope_incidents())::text[]) OR '*' = ANY ((SELECT scope_incidents())::text[]));

-- Patients' rows. An officer sees one that was asked for with a reason, for
-- five minutes: break-glass, written down before anything is shown.
CREATE POLICY revealed ON finding FOR SELECT TO duenotice_officer USING (EXISTS (
    SELECT FROM reveal r WHERE r.practice_id = finding.practice_id AND r.person_key = finding.person_key
        AND r.login = session_user AND r.at > clock_timestamp() - interval '5 minutes'
        -- Not in the transaction that asks for it, which could still be undone.
        AND r.in_transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()));

-- A practice's person asks for acts on that practice.
CREATE POLICY own_request ON act_request FOR INSERT TO duenotice_practice
    WITH CHECK (incident_id || ':' || practice_key = ANY ((SELECT scope_practices())::text[]));

-- The pages' server: rows of the practice whose session it shows the proof of.
CREATE POLICY of_session ON page_part FOR SELECT TO duenotice_page USING (practice_id = (SELECT page_scope()));
CREATE POLICY of_session ON page_answer FOR SELECT TO duenotice_page USING (practice_id = (SELECT page_scope()));
CREATE POLICY of_session ON page_session FOR SELECT TO duenotice_page USING (practice_id = (SELECT page_scope()));
CREATE POLICY of_session ON page_passkey FOR SELECT TO duenotice_page USING (practice_id = (SELECT page_scope()));

-- A person's own roles, in whichever incident, so that the program can tell them who they are.
CREATE POLICY my_own ON person_role FOR SELECT
    TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice
    USING (identity = 'db:' || session_user);

-- Roles are given by an officer for every incident, and by nobody else.
CREATE POLICY everywhere ON person_role AS RESTRICTIVE FOR INSERT TO duenotice_officer
    WITH CHECK ((SELECT scope_all()));

-- The engine's grants: everything but changing what is evidence, and giving roles. What
-- is counted of each practice is written by triggers alone.
GRANT SELECT ON practice_count TO duenotice_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON incident, practice, counting_group, practice_file, obligation, outbox,
    mail_run, piece, finding, incoming_finding, account, door_link, door_session, door_passkey, worker_sign, trouble, group_turn TO duenotice_engine;
GRANT SELECT, INSERT ON act, approval, findings_list, obligation_change, obligation_stage, batch, mail_run_practice,
    decision, decision_incident, removed_finding, list_change, returned_letter, ledger, ledger_anchor, payload_view, door_event TO duenotice_engine;
-- Only upwards in practice: what was taken up stays so, see the queries.
GRANT SELECT, UPDATE (changes) ON release TO duenotice_engine;
GRANT SELECT ON act_request TO duenotice_engine;
GRANT INSERT (incident_id, practice_key, request_sha256) ON act_request TO duenotice_engine;
GRANT UPDATE (mailed_on, withdrawn) ON batch TO duenotice_engine;
GRANT SELECT, INSERT, UPDATE ON master_key, incident_key TO duenotice_engine;
GRANT INSERT ON finding_rows TO duenotice_engine;
GRANT SELECT ON reveal, person_role, goose_db_version, access_rules TO duenotice_engine;

-- Addresses that were checked: when is told to everybody who prints or approves, of whom
-- to the engine alone, and to whoever was shown the person (address_checks_of).
GRANT SELECT, INSERT ON address_check, checked_address TO duenotice_engine;
GRANT SELECT ON address_check TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;

-- Looks for people by name, and scans of letters.
GRANT SELECT ON person_search TO duenotice_engine;
GRANT INSERT (incident_id, name_hash, reason, who) ON person_search TO duenotice_officer;
GRANT SELECT, INSERT ON piece_scan TO duenotice_engine;
-- Codes that were in a letter: written by a trigger alone.
GRANT SELECT ON spent_code TO duenotice_engine;

-- Letters to practices: planned by an act, printed by the worker.
GRANT SELECT, INSERT, UPDATE ON post_batch, post_piece TO duenotice_engine;
GRANT SELECT ON post_batch, post_piece TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;

-- Postings: the worker looks at them, and a look that was made stays.
GRANT SELECT, INSERT, UPDATE ON posting_state TO duenotice_engine;
GRANT SELECT, INSERT ON posting_look TO duenotice_engine;
GRANT SELECT ON posting_state, posting_look TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;

-- Pages of practices: the worker seals packets, gives codes with its notices, and carries out answers.
GRANT SELECT, INSERT, UPDATE ON page_practice, page_code TO duenotice_engine;
GRANT SELECT, UPDATE ON page_packet TO duenotice_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON page_part TO duenotice_engine;
GRANT SELECT ON page_session, page_passkey, page_answer TO duenotice_engine;
GRANT UPDATE (ended_at, wrapped) ON page_session TO duenotice_engine;
GRANT UPDATE (removed_at, wrapped) ON page_passkey TO duenotice_engine;
GRANT UPDATE (act_id, state, detail, ended_at, attachment) ON page_answer TO duenotice_engine;
GRANT SELECT, INSERT, UPDATE ON dispute TO duenotice_engine;
GRANT SELECT, INSERT ON page_signed TO duenotice_engine;
GRANT SELECT, UPDATE ON answer_turn TO duenotice_engine;
GRANT SELECT ON page_server TO duenotice_engine, duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
-- Who opened their page and what became of answers; an officer with the key file gives codes and reads answers.
GRANT SELECT (practice_id, made_at, wrong, opened_at, answered_at, packet_sha256) ON page_practice TO duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT (id, practice_id, way, who, by_identity, made_at, until, used_at, voided_at) ON page_code TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT (practice_id, way, started_at, seen_at, until, ended_at) ON page_session TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT (id, practice_id, kind, content_sha256, at, act_id, state, detail, ended_at) ON page_answer TO duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT ON page_practice, page_answer TO duenotice_officer;
-- What a practice's standing is worked out from; no policy shows a practice's login a row of it.
GRANT SELECT (practice_id, made_at, wrong, opened_at, answered_at) ON page_practice TO duenotice_practice;
GRANT SELECT (practice_id, kind, state, act_id) ON page_answer TO duenotice_practice;
-- Of whom a practice says that they are not its patients, by key: whoever looks at where things stand sees that it waits.
GRANT SELECT ON dispute, page_signed TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT ON dispute TO duenotice_practice;
GRANT INSERT (practice_id, proof_sha256, wrapped, way, who, until) ON page_code TO duenotice_officer;
GRANT SELECT ON page_part TO duenotice_page;
GRANT SELECT (id, practice_id, kind, at, state, detail, ended_at) ON page_answer TO duenotice_page;
GRANT SELECT (practice_id, way, started_at, seen_at, until, ended_at) ON page_session TO duenotice_page;
GRANT SELECT (credential_id, practice_id, name, made_at, used_at, removed_at) ON page_passkey TO duenotice_page;

-- People's grants: patients' rows are in none but where a policy above opens one.
GRANT SELECT ON incident, practice, practice_count, counting_group, findings_list, practice_file, obligation, obligation_change,
    obligation_stage, outbox, mail_run, mail_run_practice, batch, act, approval, person_role, ledger, ledger_anchor,
    decision, decision_incident, returned_letter, account, trouble
    TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
-- Of the letters which there are and for which practice, not for whom.
GRANT SELECT (run_id, piece_no, practice_id, superseded) ON piece TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator;
GRANT SELECT ON reveal TO duenotice_officer, duenotice_counsel;
GRANT SELECT ON finding TO duenotice_officer;
GRANT SELECT ON master_key, incident_key TO duenotice_officer, duenotice_operator;
-- Columns that say whose session it was, and a row's place among the others, are the
-- database's to fill: no statement may name them.
GRANT INSERT (identity, name, role, incident_id, practice_key, granted, who, at) ON person_role TO duenotice_officer;
GRANT INSERT (incident_id, practice_key, practice_id, person_key, reason, who) ON reveal TO duenotice_officer;
GRANT INSERT (incident_id, practice_key, request_sha256) ON act_request TO duenotice_officer, duenotice_approver, duenotice_practice;
GRANT SELECT ON incident, practice, practice_count, practice_file, account, obligation, obligation_change, obligation_stage,
    outbox, act, approval, ledger, finding, incident_key, person_role TO duenotice_practice;
GRANT SELECT ON master_key TO duenotice_practice;
-- What status counts over the whole incident; no policy shows a practice a row of it.
GRANT SELECT ON counting_group, mail_run, mail_run_practice, batch, returned_letter, findings_list, trouble TO duenotice_practice;
GRANT SELECT (run_id, piece_no, practice_id, superseded) ON piece TO duenotice_practice;

-- Whether somebody works concerns everybody who waits for it.
GRANT SELECT ON worker_sign, release TO duenotice_officer, duenotice_approver, duenotice_counsel, duenotice_operator, duenotice_practice;

-- A table of a later migration that is not named above: the engine's alone.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
            AND c.relname NOT IN ('finding_rows', 'incoming_finding', 'master_key', 'door_link', 'door_session', 'door_passkey', 'door_event', 'payload_view', 'environment', 'worker_sign', 'access_rules', 'goose_db_version', 'goose_lock', 'group_turn', 'answer_turn', 'page_server', 'release') LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO duenotice_engine', it.relname);
    END LOOP;
END
$$;
