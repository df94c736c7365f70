-- +goose Up

-- Which packets of practices are to be sealed anew (docs/adr/0219). A row of its own,
-- and not columns of page_practice: whoever tries a code locks page_practice first and
-- the practice after it, and what changes a practice holds its lock already.
CREATE TABLE page_packet (
    practice_id integer PRIMARY KEY REFERENCES page_practice,
    -- Counts what changed of what the page tells of. sealed_turn is that of the packet,
    -- -1 while nobody has looked.
    turn        integer NOT NULL DEFAULT 0,
    sealed_turn integer NOT NULL DEFAULT -1,
    -- When it is to be looked at though nothing changes: the end of a hold.
    look_at     timestamptz,
    -- The program and texts it was made with.
    program     text NOT NULL DEFAULT '',
    -- Until when a worker has it in hand, or waits after a failure; tries counts those.
    taken_until timestamptz NOT NULL DEFAULT '-infinity',
    tries       integer NOT NULL DEFAULT 0
);
CREATE INDEX page_packet_waits ON page_packet (practice_id) WHERE turn <> sealed_turn;
CREATE INDEX page_packet_look_at ON page_packet (look_at) WHERE look_at IS NOT NULL;

-- What a part was made from, and the length of its content.
ALTER TABLE page_part
    ADD COLUMN made_from text NOT NULL DEFAULT '',
    ADD COLUMN bytes bigint NOT NULL DEFAULT 0;

-- +goose StatementBegin
CREATE FUNCTION page_packet_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.page_packet (practice_id) VALUES (NEW.practice_id);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER page_packet_begins AFTER INSERT ON page_practice FOR EACH ROW EXECUTE FUNCTION page_packet_begins();
INSERT INTO page_packet (practice_id) SELECT practice_id FROM page_practice;

-- Everything that changes what a page tells of changes one of these columns of its
-- practice: acts, lists and corrections count in changes, what is owed and where people
-- stand in the plan with its standing, papers in their hashes.
-- +goose StatementBegin
CREATE FUNCTION page_packet_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.page_packet SET turn = turn + 1, taken_until = '-infinity' WHERE practice_id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER page_packet_waits AFTER UPDATE ON practice FOR EACH ROW
    WHEN ((OLD.changes, OLD.standing_of, OLD.plan_sha256, OLD.papers_sha256, OLD.packet_sha256, OLD.worksheet_sha256, OLD.closed_on, OLD.delegation)
        IS DISTINCT FROM (NEW.changes, NEW.standing_of, NEW.plan_sha256, NEW.papers_sha256, NEW.packet_sha256, NEW.worksheet_sha256, NEW.closed_on, NEW.delegation))
    EXECUTE FUNCTION page_packet_waits();

-- A code that is given tells a practice that it has a page: there is then something to see.
-- +goose StatementBegin
CREATE FUNCTION page_packet_waits_for_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.page_packet SET turn = turn + 1, taken_until = '-infinity' WHERE practice_id = NEW.practice_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER page_packet_waits AFTER INSERT ON page_code FOR EACH ROW EXECUTE FUNCTION page_packet_waits_for_code();

-- What each further list did to a practice's people, whose records are protected (45
-- CFR 160.103): a later one overwrites the row that an earlier one wrote. Keys only.
CREATE TABLE list_change (
    practice_id integer NOT NULL REFERENCES practice,
    list_number integer NOT NULL,
    person_key  text COLLATE "C" NOT NULL,
    what        text COLLATE "C" NOT NULL CHECK (what IN ('added', 'changed', 'removed')),
    PRIMARY KEY (practice_id, list_number, person_key)
);
CREATE TRIGGER list_change_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON list_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE list_change;
DROP TRIGGER page_packet_waits ON page_code;
DROP TRIGGER page_packet_waits ON practice;
DROP TRIGGER page_packet_begins ON page_practice;
DROP FUNCTION page_packet_waits_for_code, page_packet_waits, page_packet_begins;
ALTER TABLE page_part DROP COLUMN bytes, DROP COLUMN made_from;
DROP TABLE page_packet;
