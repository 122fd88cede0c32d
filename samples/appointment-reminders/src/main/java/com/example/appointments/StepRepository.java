package com.example.appointments;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/**
 * The table of steps, in the order in which they were noted.
 */
interface StepRepository extends ReactiveCrudRepository<Step, Long> {

	Flux<Step> findAllByOrderById();

	Flux<Step> findByReferenceOrderById(String reference);

	/**
	 * Notes a status update, once if it comes twice.
	 */
	@Modifying
	@Query("insert into step (reference, noted_at, status, error_code, error_message)"
			+ " select reference, cast(:notedAt as timestamp), cast(:status as varchar), cast(:errorCode as int),"
			+ " cast(:errorMessage as varchar) from appointment where reference = :reference and not exists"
			+ " (select 1 from step where reference = :reference and status = :status)")
	Mono<Long> noteUpdate(String reference, LocalDateTime notedAt, String status, @Nullable Integer errorCode,
			@Nullable String errorMessage);

}
