-- +goose Up
-- Earlier programs: may run beside these tables.

-- Keyed hash of a person's first and last name and birth date, NULL for one that an
-- earlier program took in: by it an officer on the telephone finds whom they name, and
-- nobody without the incident's key makes one.
ALTER TABLE finding ADD COLUMN name_hash uuid;
ALTER TABLE incoming_finding ADD COLUMN name_hash uuid;
CREATE INDEX finding_name_hash ON finding (name_hash) WHERE name_hash IS NOT NULL;

-- Who looked for a person by name, and why. Whom it found is shown to this login after the
-- look is committed, for five minutes (people_of_name).
CREATE TABLE person_search (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id text COLLATE "C" NOT NULL REFERENCES incident,
    name_hash   uuid NOT NULL,
    reason      text NOT NULL CHECK (reason <> ''),
    who         text NOT NULL,
    by_identity text COLLATE "C" NOT NULL DEFAULT '',
    login       text NOT NULL DEFAULT session_user,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    in_transaction xid8
);
CREATE INDEX person_search_by ON person_search (by_identity, at);

-- +goose StatementBegin
CREATE FUNCTION search_in_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known text;
BEGIN
    NEW.login := session_user;
    NEW.by_identity := public.session_identity();
    IF NEW.by_identity = '' THEN
        RAISE EXCEPTION 'this session is nobody''s: a search is written only in a session that says whose it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT r.name INTO known FROM public.person_role r WHERE r.identity = NEW.by_identity ORDER BY r.seq DESC LIMIT 1;
    NEW.who := coalesce(known, NEW.who);
    NEW.at := clock_timestamp();
    NEW.in_transaction := pg_current_xact_id();
    -- Its row is held by whoever else looks, so that searches are counted one by one.
    PERFORM FROM public.incident WHERE id = NEW.incident_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such incident' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF (SELECT count(*) FROM public.person_search s WHERE s.by_identity = NEW.by_identity AND s.at > clock_timestamp() - interval '1 hour') >= 20 THEN
        RAISE EXCEPTION 'as many people were looked for by this identity as an hour allows' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    INSERT INTO public.ledger (incident_id, practice_key, body) VALUES (NEW.incident_id, '', json_build_object(
        'kind', 'person_searched', 'who', NEW.who, 'identity', NEW.by_identity, 'ref', NEW.seq::text,
        'result', json_build_object('reason', NEW.reason, 'login', NEW.login))::text);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_search_is_of_the_session BEFORE INSERT ON person_search FOR EACH ROW EXECUTE FUNCTION search_in_session();
CREATE TRIGGER person_search_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON person_search
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the Postal Service's machines saw of letters (IMb Tracing). A scan says when mail
-- was handled and not whom it reached: nothing is concluded from it.
CREATE TABLE piece_scan (
    run_id     integer NOT NULL REFERENCES mail_run (id),
    piece_no   integer NOT NULL,
    scanned_at timestamptz NOT NULL,
    -- The operation's code, three digits, and the ZIP of the facility.
    operation  text NOT NULL,
    facility   text NOT NULL,
    -- One of breach.ScanKinds.
    kind       text NOT NULL,
    sha256     text NOT NULL,
    PRIMARY KEY (run_id, piece_no, scanned_at, operation, facility)
);
CREATE TRIGGER piece_scan_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON piece_scan
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Codes for the credit monitoring that stand in somebody's printed letter and that the
-- person has no more: nobody else ever gets one, who could then open the person's file.
CREATE TABLE spent_code (
    practice_id integer NOT NULL,
    code_hash   uuid NOT NULL,
    person_key  text COLLATE "C" NOT NULL,
    PRIMARY KEY (code_hash, person_key)
);
-- +goose StatementBegin
CREATE FUNCTION code_is_spent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.spent_code VALUES (OLD.practice_id, OLD.code_hash, OLD.person_key) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- A row that says something else takes the place of one that is deleted.
CREATE TRIGGER code_is_spent AFTER DELETE ON finding FOR EACH ROW
    WHEN (OLD.code_hash IS NOT NULL AND OLD.letter <> '') EXECUTE FUNCTION code_is_spent();

-- +goose Down
DROP TRIGGER code_is_spent ON finding;
DROP FUNCTION code_is_spent;
DROP TABLE spent_code, piece_scan, person_search;
DROP FUNCTION search_in_session;
DROP INDEX finding_name_hash;
ALTER TABLE incoming_finding DROP COLUMN name_hash;
ALTER TABLE finding DROP COLUMN name_hash;
