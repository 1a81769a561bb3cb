SELECT l.business_id, l.linked_type AS entity, l.linked_id AS qbo_id, l.entity AS payment_entity, l.qbo_id AS payment_id,
    t.txn_date AS paid_on, t.party_id, t.party_name, t.currency, t.exchange_rate,
    coalesce(l.amount_cents, 0) AS amount_cents, d.doc_number AS document_number,
    coalesce(d.due_date, d.txn_date) AS due_date
FROM {lines} l JOIN {transactions} t
    ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
LEFT JOIN {transactions} d
    ON d.business_id = l.business_id AND d.entity = l.linked_type AND d.qbo_id = l.linked_id
WHERE NOT t.voided
    AND ((l.entity = 'BillPayment' AND l.linked_type = 'Bill') OR (l.entity = 'Payment' AND l.linked_type = 'Invoice'))
ORDER BY l.business_id, t.txn_date, l.entity, l.qbo_id, l.line_number
