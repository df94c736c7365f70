-- +goose Up
-- Earlier programs: may run beside these tables.

-- Lists of addresses that a service checked, one by one. New addresses of people are a
-- list of findings of their own, list_number, 0 for none.
CREATE TABLE address_check (
    incident_id text COLLATE "C" NOT NULL REFERENCES incident,
    number      integer NOT NULL CHECK (number > 0),
    sha256      text NOT NULL,
    -- The day on which the service compared them with the changes of address.
    checked_on  date NOT NULL,
    -- The last list of people that there was by then.
    after_list  integer NOT NULL,
    list_number integer NOT NULL,
    -- How many people by outcome (breach.AddressOutcomes).
    outcomes    jsonb NOT NULL,
    by_whom     text NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (incident_id, number),
    UNIQUE (incident_id, sha256)
);

-- What was said of each person's address and what became of it. The address that the
-- person had and everything that the service said of it are sealed with the incident's
-- key: a new address keeps the old one here.
CREATE TABLE checked_address (
    practice_id  integer NOT NULL,
    person_key   text COLLATE "C" NOT NULL,
    check_number integer NOT NULL,
    -- One of breach.AddressOutcomes.
    outcome      text NOT NULL,
    sealed       bytea NOT NULL,
    PRIMARY KEY (practice_id, person_key, check_number)
);

CREATE TRIGGER address_check_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON address_check
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checked_address_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON checked_address
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE checked_address, address_check;
