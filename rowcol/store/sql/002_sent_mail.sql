CREATE TABLE digest_runs (
    advisor_id VARCHAR NOT NULL, event_id BIGINT NOT NULL, week DATE NOT NULL, state VARCHAR NOT NULL,
    happened_at TIMESTAMP NOT NULL, known_at TIMESTAMP, reason VARCHAR NOT NULL
);

CREATE TABLE sent_mail (
    advisor_id VARCHAR NOT NULL, event_id BIGINT NOT NULL, business_id VARCHAR NOT NULL, week DATE NOT NULL,
    recipient VARCHAR NOT NULL, kind VARCHAR NOT NULL, state VARCHAR NOT NULL, happened_at TIMESTAMP NOT NULL,
    message_id VARCHAR NOT NULL, subject VARCHAR NOT NULL, figures_hash VARCHAR NOT NULL, as_of DATE NOT NULL,
    known_at TIMESTAMP NOT NULL, reason VARCHAR NOT NULL
);

CREATE TABLE sent_figures (advisor_id VARCHAR NOT NULL, figures_hash VARCHAR NOT NULL, figures VARCHAR NOT NULL);
