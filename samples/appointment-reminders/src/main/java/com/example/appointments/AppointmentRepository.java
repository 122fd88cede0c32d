package com.example.appointments;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/**
 * The table of appointments.
 */
interface AppointmentRepository extends ReactiveCrudRepository<Appointment, Long> {

	Flux<Appointment> findAllByOrderByStartsAtAscIdAsc();

	Flux<Appointment> findByMessageStatusAndRemindAtNotNull(String messageStatus);

	Mono<Appointment> findByReference(String reference);

	/**
	 * Notes where a reminder stands of which no status update tells.
	 */
	@Modifying
	@Query("update appointment set message_status = :status where reference = :reference")
	Mono<Long> noteStatus(String reference, String status);

	/**
	 * Notes another time of a reminder.
	 */
	@Modifying
	@Query("update appointment set remind_at = :remindAt where reference = :reference")
	Mono<Long> noteMove(String reference, LocalDateTime remindAt);

	/**
	 * Notes a status update.
	 */
	@Modifying
	@Query("update appointment set message_sid = :sid, message_status = :status, error_code = :errorCode"
			+ " where reference = :reference")
	Mono<Long> noteUpdate(String reference, String sid, String status, @Nullable Integer errorCode);

	/**
	 * Notes what a person has to do.
	 */
	@Modifying
	@Query("update appointment set follow_up = :followUp where reference = :reference")
	Mono<Long> noteFollowUp(String reference, String followUp);

}
