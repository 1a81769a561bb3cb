WITH calls AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS called_at)
SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.due_date, t.doc_number, t.party_kind, t.party_id, t.party_name, t.total_cents,
    t.created_at
FROM {transactions} t JOIN calls c ON c.business_id = t.business_id
WHERE NOT t.voided AND t.created_at >= c.called_at
    AND t.txn_date <= CAST(c.called_at AS DATE)
ORDER BY t.business_id, t.entity, t.qbo_id
