-- +goose Up

CREATE TABLE obligation (
    practice_id   integer NOT NULL REFERENCES practice,
    -- breach.Obligation.ID.
    obligation_id text NOT NULL,
    -- Place in the plan, which is the rulebook's order.
    position      integer NOT NULL,
    rule          text NOT NULL,
    kind          text NOT NULL,
    regime        text NOT NULL,
    jurisdiction  text NOT NULL,
    recipient     text NOT NULL,
    form          text NOT NULL,
    count         integer NOT NULL,
    trigger       text NOT NULL,
    clock         text NOT NULL,
    due           date,
    not_before    date,
    citation      text NOT NULL,
    why           text NOT NULL,
    confidence    text NOT NULL,
    settled_on    date,
    due_ends      timestamptz,
    -- The last warning passed of this due day.
    stage         text NOT NULL DEFAULT '',
    -- No longer owed under the latest plan. The row stays: it was owed once.
    dropped       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (practice_id, obligation_id)
);

CREATE INDEX obligation_annual_log ON obligation (practice_id)
    WHERE kind = 'hhs_notice' AND form = 'annual_log' AND NOT dropped;

-- Every change of a plan, with the due day it moved from.
CREATE TABLE obligation_change (
    seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    practice_id   integer NOT NULL REFERENCES practice,
    obligation_id text NOT NULL,
    what          text NOT NULL CHECK (what IN ('added', 'dropped', 'moved', 'settled', 'reopened')),
    old_due       date,
    new_due       date,
    at            timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX obligation_change_of_practice ON obligation_change (practice_id, obligation_id, seq);

-- Every warning that became true, for each due day it warned of.
CREATE TABLE obligation_stage (
    practice_id   integer NOT NULL REFERENCES practice,
    obligation_id text NOT NULL,
    due           date NOT NULL,
    stage         text NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (practice_id, obligation_id, due, stage)
);

-- +goose Down
DROP TABLE obligation_stage, obligation_change, obligation;
