-- +goose Up

-- A list is of people, or of letters that came back. Both are numbered together:
-- a practice is open again, and told, by the newest list that touched it,
-- whichever it is. Of letters, rows are those listed, added those that were not
-- listed before, and changed the findings whose address is out of date by it.
ALTER TABLE findings_list ADD COLUMN kind text NOT NULL DEFAULT 'findings' CHECK (kind IN ('findings', 'returns'));

-- Letters that came back, by the list that said so first.
CREATE TABLE returned_letter (
    run_id      integer NOT NULL REFERENCES mail_run (id),
    piece_no    integer NOT NULL,
    returned_on date NOT NULL,
    -- One of breach.ReturnReasons, or ''.
    reason      text NOT NULL,
    list_number integer NOT NULL,
    PRIMARY KEY (run_id, piece_no)
);

CREATE TRIGGER returned_letter_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON returned_letter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The letter came back from the address that the finding still has. Its piece
-- stands meanwhile, since there is nowhere to send another one. The default is
-- for rows of a further list, which say nothing of it.
ALTER TABLE finding ADD COLUMN returned boolean NOT NULL DEFAULT false;
ALTER TABLE incoming_finding ADD COLUMN returned boolean NOT NULL DEFAULT false;

-- The last act by which a letter of the practice came back, 0 while no address is
-- out of date by one: substitute notice recorded before it told nobody of them.
ALTER TABLE practice ADD COLUMN returned_act bigint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE practice DROP COLUMN returned_act;
ALTER TABLE incoming_finding DROP COLUMN returned;
ALTER TABLE finding DROP COLUMN returned;
DROP TABLE returned_letter;
ALTER TABLE findings_list DROP COLUMN kind;
