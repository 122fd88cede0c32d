package com.example.appointments;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface AppointmentRepository extends ReactiveCrudRepository<Appointment, Long> {

	Flux<Appointment> findAllByOrderByStartsAt();

	Mono<Appointment> findByReference(String reference);

	// The answer to a send and its first report may come in either order: a report that
	// is
	// there already stays.
	@Modifying
	@Query("update appointment set message_sid = :sid,"
			+ " message_status = case when message_status = 'sending reminder' then :status else message_status end"
			+ " where id = :id")
	Mono<Long> recordMessage(long id, String sid, String status);

	@Modifying
	@Query("update appointment set message_status = :status, error_code = :errorCode where reference = :reference")
	Mono<Long> recordReport(String reference, String status, @Nullable Integer errorCode);

	default Appointment fresh(String customer, String phone, Instant startsAt, @Nullable Instant reminderAt,
			String reference) {
		return new Appointment(null, customer, phone, startsAt, reminderAt, reference, null, "sending reminder", null);
	}

}
