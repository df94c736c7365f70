-- +goose Up

-- What a person should look at, with the plan it was said of.
ALTER TABLE practice ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]';

-- Found to have no breach: counted with no other practice. The others are told
-- to look again; until that is done it is noted here, so that it is done after a
-- crash too.
ALTER TABLE practice ADD COLUMN left_group boolean NOT NULL DEFAULT false;
ALTER TABLE practice ADD COLUMN group_untold boolean NOT NULL DEFAULT false;

-- What was done after its due day: status counts it on every look.
CREATE INDEX obligation_done_late ON obligation (practice_id) WHERE settled_on > due AND NOT dropped;

-- The last act there was when a run was planned: letters are mailed after they
-- are printed, so a mailing recorded before it was of earlier letters. The
-- order of the rows says so on every clock.
ALTER TABLE mail_run ADD COLUMN after_act bigint NOT NULL DEFAULT 0;

-- People that a further list took out of a practice. Keys only: their rows are gone.
ALTER TABLE findings_list ADD COLUMN removed integer NOT NULL DEFAULT 0;
CREATE TABLE removed_finding (
    practice_id integer NOT NULL REFERENCES practice,
    person_key  text COLLATE "C" NOT NULL,
    list_number integer NOT NULL,
    PRIMARY KEY (practice_id, person_key, list_number)
);
CREATE TRIGGER removed_finding_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON removed_finding
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE removed_finding;
ALTER TABLE findings_list DROP COLUMN removed;
ALTER TABLE mail_run DROP COLUMN after_act;
DROP INDEX obligation_done_late;
ALTER TABLE practice DROP COLUMN group_untold, DROP COLUMN left_group, DROP COLUMN warnings;
