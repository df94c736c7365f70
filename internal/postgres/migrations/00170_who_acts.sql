-- +goose Up

-- Who looked and who acted is the session's to say and no statement's: a person's
-- own login can write nothing under somebody else's name, whatever it writes.

-- Whose session it is. A person's own login is itself. With the program's login,
-- which several people of one machine share, it is whom the program named when it
-- opened the session; '' for the worker, which acts for nobody.
-- +goose StatementBegin
CREATE FUNCTION session_identity() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN to_regrole('duenotice_app') IS NULL OR pg_has_role(session_user, to_regrole('duenotice_app')::oid, 'MEMBER')
        THEN coalesce(current_setting('duenotice.identity', true), '') ELSE 'db:' || session_user END
$$;
-- +goose StatementEnd

-- The transaction of a look. A row may be read only after the look at it is
-- committed: one that is undone later would have been seen without a trace.
ALTER TABLE reveal ADD COLUMN in_transaction xid8;

-- Looks and changes of roles. Who holds a role goes by the name it was given to.
-- +goose StatementBegin
CREATE FUNCTION written_in_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known text;
BEGIN
    NEW.login := session_user;
    NEW.by_identity := public.session_identity();
    IF NEW.by_identity = '' THEN
        RAISE EXCEPTION 'this session is nobody''s: % is written only in a session that says whose it is', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT r.name INTO known FROM public.person_role r WHERE r.identity = NEW.by_identity ORDER BY r.seq DESC LIMIT 1;
    NEW.who := coalesce(known, NEW.who);
    IF TG_TABLE_NAME = 'reveal' THEN
        NEW.at := clock_timestamp();
        NEW.in_transaction := pg_current_xact_id();
    ELSIF NEW.by_identity = 'db:' || session_user THEN
        NEW.at := clock_timestamp(); -- the program says what day it is, a person's statement does not
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER reveal_is_of_the_session BEFORE INSERT ON reveal FOR EACH ROW EXECUTE FUNCTION written_in_session();
CREATE TRIGGER person_role_is_of_the_session BEFORE INSERT ON person_role FOR EACH ROW EXECUTE FUNCTION written_in_session();

-- +goose StatementBegin
CREATE FUNCTION asked_in_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.login := session_user;
    NEW.account := CASE WHEN public.session_identity() LIKE 'os:%' THEN substr(public.session_identity(), 4) ELSE '' END;
    NEW.at := clock_timestamp();
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER act_request_is_of_the_session BEFORE INSERT ON act_request FOR EACH ROW EXECUTE FUNCTION asked_in_session();

CREATE INDEX act_request_in ON act_request (incident_id, practice_key);

-- An act is by an identity that asked for one there, or by the session's own: the
-- worker, which carries acts out, cannot make somebody up.
-- +goose StatementBegin
CREATE FUNCTION act_was_asked_for() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.identity NOT IN ('', public.session_identity()) AND NOT EXISTS (
        SELECT FROM public.act_request r WHERE r.incident_id = NEW.incident_id AND r.practice_key = NEW.practice_key
            AND NEW.identity IN ('os:' || r.account, 'db:' || r.login)
    ) THEN
        RAISE EXCEPTION '% asked for no act there', NEW.identity USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER act_was_asked_for BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION act_was_asked_for();

-- +goose Down
DROP TRIGGER act_was_asked_for ON act;
DROP TRIGGER act_request_is_of_the_session ON act_request;
DROP TRIGGER person_role_is_of_the_session ON person_role;
DROP TRIGGER reveal_is_of_the_session ON reveal;
DROP INDEX act_request_in;
DROP FUNCTION act_was_asked_for, asked_in_session, written_in_session, session_identity;
ALTER TABLE reveal DROP COLUMN in_transaction;
