package com.example.appointments;

import java.util.Map;

/**
 * Something was filled in wrong.
 */
@SuppressWarnings("serial")
class InvalidAppointmentException extends RuntimeException {

	private final Map<String, String> problems;

	InvalidAppointmentException(Map<String, String> problems) {
		super("Not accepted: " + problems.keySet());
		this.problems = problems;
	}

	/**
	 * What is wrong.
	 * @return a sentence for each field
	 */
	Map<String, String> getProblems() {
		return this.problems;
	}

}
