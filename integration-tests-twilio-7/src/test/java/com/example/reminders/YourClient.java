package com.example.reminders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Whatever a program sends messages by.
 */
record YourClient(URI baseUrl, String accountSid, String authToken) {

	int send(String to, String body) throws IOException, InterruptedException {
		byte[] credentials = (this.accountSid + ":" + this.authToken).getBytes(StandardCharsets.UTF_8);
		String path = "/2010-04-01/Accounts/" + this.accountSid + "/Messages.json";
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.baseUrl.resolve(path))
				.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.POST(BodyPublishers
					.ofString("To=" + to.replace("+", "%2B") + "&From=%2B15017122661&Body=" + body.replace(" ", "+")))
				.build(), BodyHandlers.discarding())
			.statusCode();
	}

}
