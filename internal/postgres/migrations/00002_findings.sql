-- +goose Up

-- One person as one practice knows them: a row of findings.csv. The only table
-- with patient data. Every column is NOT NULL but the dates and the mail key,
-- and fixed-width columns come first: at millions of rows the padding counts.
--
-- There is no foreign key to practice: it would cost a lookup for each row of a
-- load, ids come from the same transaction, and practices are never deleted.
CREATE TABLE finding (
    practice_id     integer NOT NULL,
    -- The row of the list it came with, for messages to people.
    row_no          integer NOT NULL,
    -- breach.DataClassSet.
    data_classes    integer NOT NULL,
    -- Order of the mail: ZIP+4 as a number, abroad last.
    zip_order       integer NOT NULL,
    birth_date      date,
    deceased_date   date,
    email_agreed_on date,
    list_number     smallint NOT NULL,
    -- Not somebody dead for more than 50 years (45 CFR 160.103).
    protected       boolean NOT NULL,
    usable_address  boolean NOT NULL,
    minor           boolean NOT NULL,
    -- Hashes, 128 bits each: of what a letter prints, where another one means
    -- that a corrected letter is owed; and of the rest of the row.
    letter_hash     uuid NOT NULL,
    other_hash      uuid NOT NULL,
    -- Hash of breach.Person.MailKey: rows of one person with the same one may
    -- share a letter. NULL: this row shares with none.
    mail_key        uuid,
    person_key      text COLLATE "C" NOT NULL,
    -- State of residence, '' when unknown or none.
    residence       text COLLATE "C" NOT NULL,

    first_name      text NOT NULL,
    middle_name     text NOT NULL,
    last_name       text NOT NULL,
    suffix          text NOT NULL,
    representative_name text NOT NULL,
    representative_relation text NOT NULL,
    address1        text NOT NULL,
    address2        text NOT NULL,
    city            text NOT NULL,
    state           text NOT NULL,
    zip             text NOT NULL,
    country         text NOT NULL,
    email           text NOT NULL,
    phone           text NOT NULL,
    language        text NOT NULL,
    confidential_address text NOT NULL,
    acquired_or_viewed text NOT NULL,
    source          text NOT NULL,
    PRIMARY KEY (practice_id, person_key)
);

-- Rows of a further list, between reading them and deciding what each is:
-- empty again when the transaction ends. Unlogged: a crash may lose it, since
-- a crash undoes the transaction that needs it.
CREATE UNLOGGED TABLE incoming_finding (LIKE finding, PRIMARY KEY (practice_id, person_key));

-- +goose Down
DROP TABLE incoming_finding, finding;
