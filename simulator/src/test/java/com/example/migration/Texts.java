package com.example.migration;

import java.time.ZonedDateTime;
import java.util.List;

/**
 * What an application does with messages, by one library or the other.
 */
interface Texts {

	String send(String to, String from, String text);

	String sendPicture(String to, String from, String text, String picture);

	String schedule(String to, String service, String text, ZonedDateTime time);

	void cancel(String sid);

	String status(String sid);

	List<String> sentTo(String to);

	void redact(String sid);

	void delete(String sid);

	void confirm(String sid);

}
