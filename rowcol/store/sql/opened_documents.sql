SELECT t.business_id, t.entity, t.qbo_id, t.party_id, t.amount_cents, o.as_of
FROM {transactions} t JOIN opened_at o ON o.business_id = t.business_id AND o.entity = t.entity AND o.qbo_id = t.qbo_id
