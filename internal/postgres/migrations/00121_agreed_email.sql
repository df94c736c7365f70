-- +goose Up

-- The person agreed to electronic notice and has an e-mail address: it is written
-- notice where no letter can be mailed (45 CFR 164.404(d)(1)(i)), until one bounced.
ALTER TABLE finding ADD COLUMN agreed_email boolean NOT NULL DEFAULT false, ADD COLUMN email_bounced boolean NOT NULL DEFAULT false;
ALTER TABLE incoming_finding ADD COLUMN agreed_email boolean NOT NULL DEFAULT false, ADD COLUMN email_bounced boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE incoming_finding DROP COLUMN email_bounced, DROP COLUMN agreed_email;
ALTER TABLE finding DROP COLUMN email_bounced, DROP COLUMN agreed_email;
